/* SPDX-License-Identifier: BSD-2-Clause */
/* 10,000 global variables: the first, a middle and the last, and all of them in a sum. */
#pragma D option quiet

#include "repeat.d"

int64_t sum;

#define SET(n) v##n = n;
#define ADD(n) sum += v##n; v##n++;
#define CHECK(n) sum -= v##n;
#define SETS(n) BEGIN { HUNDRED(SET, n) }
#define ADDS(n) BEGIN { HUNDRED(ADD, n) }
#define CHECKS(n) BEGIN { HUNDRED(CHECK, n) }

HUNDRED_BLOCKS(SETS, 1)
HUNDRED_BLOCKS(ADDS, 1)

BEGIN
{
	printf("%d %d %d %d\n", v10000, v15000, v19999, sum);
}

HUNDRED_BLOCKS(CHECKS, 1)

BEGIN
{
	printf("%d\n", sum);
	exit(0);
}
