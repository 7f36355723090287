/* SPDX-License-Identifier: BSD-2-Clause */
/* 10,000 associative arrays: the first, a middle and the last, and all of them in a sum. */
#pragma D option quiet

#include "repeat.d"

int64_t sum;

#define SET(n) v##n[execname, n] = n;
#define ADD(n) sum += v##n[execname, n];
#define SETS(n) BEGIN { HUNDRED(SET, n) }
#define ADDS(n) BEGIN { HUNDRED(ADD, n) }

HUNDRED_BLOCKS(SETS, 1)
HUNDRED_BLOCKS(ADDS, 1)

BEGIN
{
	printf("%d %d %d %d\n", v10000["dtrace", 10000], v15000["dtrace", 15000], v19999["dtrace", 19999], sum);
	exit(0);
}
