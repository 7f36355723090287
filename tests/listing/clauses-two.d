/* SPDX-License-Identifier: BSD-2-Clause */
/* Two clauses of one probe; both are in one program. */
BEGIN { trace(1); }
BEGIN { trace(2); }
