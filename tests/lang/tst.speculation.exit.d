/* SPDX-License-Identifier: BSD-2-Clause */
/* What is speculated and not committed when the script ends is forgotten; commit() and exit(). */
#pragma D option quiet
#pragma D option nspec=2

BEGIN { x = speculation(); y = speculation(); }
BEGIN { speculate(x); printf("x\n"); }
BEGIN { speculate(y); printf("y\n"); }
BEGIN { commit(y); exit(3); }
BEGIN { commit(x); }
END { printf("end\n"); }
