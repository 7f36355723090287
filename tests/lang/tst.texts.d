/* SPDX-License-Identifier: BSD-2-Clause */
/* Several texts are one program: each clause once, also around a text without clauses. */
#pragma D option quiet

BEGIN { printf("one\n"); }
