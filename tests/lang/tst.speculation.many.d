/* SPDX-License-Identifier: BSD-2-Clause */
/* Speculations in turn: more of them than there are at a time. */
#pragma D option quiet
#pragma D option nspec=3

BEGIN { n = 0; }
tick-1ms { x = speculation(); y = speculation(); z = speculation(); bad += !x + !y + !z; n++; }
tick-1ms { speculate(x); printf("x%d ", n); }
tick-1ms { speculate(y); printf("y%d ", n); }
tick-1ms { speculate(z); printf("z%d ", n); }
tick-1ms /n % 2/ { commit(z); }
tick-1ms /n % 2/ { discard(x); }
tick-1ms /n % 2 == 0/ { commit(x); }
tick-1ms /n % 2 == 0/ { discard(z); }
tick-1ms { commit(y); }
tick-1ms /n == 12/ { printf("\nbad %d\n", bad); exit(0); }
