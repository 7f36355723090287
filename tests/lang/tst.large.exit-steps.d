/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() in the middle of a clause that several programs hold: the rest of the clause runs, the later clauses do not. */
#pragma D option quiet

#include "repeat.d"

int ran;

#define STATEMENT(n) @[execname, n] = count(); at[execname, n] = n; self->v##n = n;

BEGIN
{
	HUNDRED(STATEMENT, 10) HUNDRED(STATEMENT, 11) HUNDRED(STATEMENT, 12) HUNDRED(STATEMENT, 13)
	exit(3);
	HUNDRED(STATEMENT, 14) HUNDRED(STATEMENT, 15) HUNDRED(STATEMENT, 16) HUNDRED(STATEMENT, 17)
	ran = 1;
}

BEGIN
{
	ran = 99;
	printf("a clause behind exit()\n");
}

END
{
	printf("END %d, %d %d, %d %d\n", ran, at[execname, 1000], at[execname, 1399], at[execname, 1400], at[execname, 1799]);
	trunc(@);
}
