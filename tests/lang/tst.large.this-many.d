/* SPDX-License-Identifier: BSD-2-Clause */
/* 10,000 this-> variables: the first, a middle and the last, and all of them in a sum. */
#pragma D option quiet

#include "repeat.d"

int64_t sum;

/* no constants: those need no room */
#define SET(n) this->v##n = n + pid - $pid;
#define ADD(n) sum += this->v##n; this->v##n++;
#define CHECK(n) sum -= this->v##n;
#define SETS(n) BEGIN { HUNDRED(SET, n) }
#define ADDS(n) BEGIN { HUNDRED(ADD, n) }
#define CHECKS(n) BEGIN { HUNDRED(CHECK, n) }

HUNDRED_BLOCKS(SETS, 1)
HUNDRED_BLOCKS(ADDS, 1)

BEGIN
{
	printf("%d %d %d %d\n", this->v10000, this->v15000, this->v19999, sum);
}

HUNDRED_BLOCKS(CHECKS, 1)

BEGIN
{
	printf("%d\n", sum);
	exit(0);
}
