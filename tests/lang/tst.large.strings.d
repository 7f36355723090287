/* SPDX-License-Identifier: BSD-2-Clause */
/* 10,000 global strings, of two representations: the first, a middle and the last, and all of them compared. */
#pragma D option quiet

#include "repeat.d"

int same, names;

#define SET(n) s##n = n % 2 ? "s" #n : execname;
#define COMPARE(n) same += s##n == "s" #n; names += s##n == "dtrace";
#define SETS(n) BEGIN { HUNDRED(SET, n) }
#define COMPARES(n) BEGIN { HUNDRED(COMPARE, n) }

HUNDRED_BLOCKS(SETS, 1)
HUNDRED_BLOCKS(COMPARES, 1)

BEGIN
{
	printf("%s %s %s %s %d %d\n", s10000, s10001, s15001, s19999, same, names);
	exit(0);
}
