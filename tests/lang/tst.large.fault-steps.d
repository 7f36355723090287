/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault in the middle of a clause that several programs hold ends the clause: what is behind it does not run. */
#pragma D option quiet

#include "repeat.d"

int zero, ran;

ERROR
{
	printf("ERROR fault %d\n", arg4);
}

#define STATEMENT(n) @[execname, n] = count(); at[execname, n] = n; self->v##n = n;

BEGIN
{
	HUNDRED(STATEMENT, 10) HUNDRED(STATEMENT, 11) HUNDRED(STATEMENT, 12) HUNDRED(STATEMENT, 13)
	ran = 7 / zero;
	HUNDRED(STATEMENT, 14) HUNDRED(STATEMENT, 15) HUNDRED(STATEMENT, 16) HUNDRED(STATEMENT, 17)
	ran = 1;
	printf("behind the fault\n");
}

BEGIN
{
	printf("the clause after: %d, %d %d, %d %d\n", ran, at[execname, 1000], at[execname, 1399],
	    at[execname, 1400], self->v1799);
	exit(0);
}

END
{
	trunc(@);
}
