/* SPDX-License-Identifier: BSD-2-Clause */
/* 10,000 elements of one array and of one thread-local array, each named once in the script. */
#pragma D option quiet

#include "repeat.d"

int64_t sum;
int64_t at[string, int];
self int64_t mine[int];

#define SET(n) at[execname, n] = n; self->mine[n] = 2 * n;
#define ADD(n) sum += at["dtrace", n] - self->mine[n];
#define SETS(n) BEGIN { HUNDRED(SET, n) }
#define ADDS(n) BEGIN { HUNDRED(ADD, n) }

HUNDRED_BLOCKS(SETS, 1)
HUNDRED_BLOCKS(ADDS, 1)

BEGIN
{
	printf("%d %d %d %d\n", at[execname, 10000], at[execname, 15000], self->mine[19999], sum);
	exit(0);
}
