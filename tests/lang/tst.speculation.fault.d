/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault in a speculative clause is told at once, and its record is none. */
#pragma D option quiet
#pragma D option nspec=2

BEGIN { x = speculation(); }
BEGIN { speculate(x); printf("before\n"); }
BEGIN { speculate(x); printf("gone %d\n", *(int *)0); }
BEGIN { speculate(x); printf("behind\n"); }
BEGIN { printf("at once\n"); }
BEGIN { commit(x); }
BEGIN { exit(0); }
ERROR { printf("ERROR\n"); }
