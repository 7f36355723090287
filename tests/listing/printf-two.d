/* SPDX-License-Identifier: BSD-2-Clause */
/* Two actions of a clause share one record. */
BEGIN { printf("%d", arg0); printf("%d", arg1); }
