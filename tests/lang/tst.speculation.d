/* SPDX-License-Identifier: BSD-2-Clause */
/* Speculations: committed in order, discarded, none left, ended, in END. */
#pragma D option nspec=2
#pragma D option quiet

BEGIN { x = speculation(); y = speculation(); z = speculation(); printf("%d %d %d\n", x, y, z); }
BEGIN { speculate(x); printf("x: first\n"); }
BEGIN { speculate(y); printf("y\n"); }
BEGIN { speculate(z); printf("z\n"); left = 1; }
BEGIN { speculate(-1); printf("-1\n"); left = 1; }
BEGIN { speculate(3); printf("3\n"); left = 1; }
BEGIN { speculate(x); printf("x: second %d %s\n", 2, probename); trace("and third\n"); }
BEGIN { discard(y); discard(y); discard(0); discard(-1); discard(1 << 20); }
BEGIN { printf("now\n"); }
BEGIN { commit(0); }
BEGIN { commit(-5); }
BEGIN { commit(y); }
BEGIN { commit(x); }
BEGIN { commit(x); }
BEGIN { speculate(x); printf("x: too late\n"); left = 1; }
BEGIN { a = speculation(); b = speculation(); printf("%d %d %d\n", a != b, a * b, left); }
BEGIN { speculate(a); printf("a, from before the end\n"); }
BEGIN { speculate(b); printf("never committed\n"); }
BEGIN { exit(0); }
END { speculate(a); printf("a, in the end\n"); }
END { commit(a); }
