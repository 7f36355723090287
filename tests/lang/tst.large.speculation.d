/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate() in a clause that no single program holds: what stands in it, and in its arms, is held. */
#pragma D option quiet
#pragma D option nspec=2
#pragma D option specsize=64k

#include "repeat.d"

int64_t ran;
#define ASSIGN(n) ran += n; at[n] = ran;
#define PRINT(n) if (ran % 2) { printf("%d odd %d\n", n, ran); } else { printf("%d even %d\n", n, ran); } ran += n;

BEGIN { x = speculation(); y = speculation(); none = 0; }
BEGIN
{
	HUNDRED(ASSIGN, 1)
	speculate(x);
	printf("first\n");
	HUNDRED(PRINT, 1)
	HUNDRED(PRINT, 2)
	if (ran) {
		HUNDRED(PRINT, 5)
	}
	HUNDRED(ASSIGN, 3)
	printf("last %d\n", at[399]);
}
BEGIN
{
	HUNDRED(ASSIGN, 1)
	if (none == 0) {
		speculate(y);
		HUNDRED(PRINT, 3)
		printf("y\n");
	}
	HUNDRED(ASSIGN, 4)
	if (none == 0) {
		HUNDRED(ASSIGN, 5)
		speculate(none);
		after = 1;
		printf("none\n");
	}
	after = 2;
}
BEGIN { printf("%d\n", after); }
BEGIN { commit(y); }
BEGIN { commit(x); }
BEGIN { exit(0); }
