/* SPDX-License-Identifier: BSD-2-Clause */
/* print() of an aggregation. */
BEGIN { @a = count(); print(@a); }
