/* SPDX-License-Identifier: BSD-2-Clause */
/* 2,000 clauses of one firing print in the order of the script. */
#pragma D option quiet

#include "repeat.d"

#define CLAUSE(n) BEGIN { printf("%d\n", n); }

THOUSAND(CLAUSE, 1)
THOUSAND(CLAUSE, 2)

BEGIN
{
	exit(0);
}
