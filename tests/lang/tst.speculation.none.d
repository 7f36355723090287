/* SPDX-License-Identifier: BSD-2-Clause */
/* nspec=0: there are none. */
#pragma D option quiet
#pragma D option nspec=0

BEGIN { x = speculation(); printf("%d\n", x); }
BEGIN { speculate(x); printf("never\n"); }
BEGIN { discard(x); commit(1); }
BEGIN { exit(0); }
