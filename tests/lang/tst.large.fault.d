/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault in the middle of 1,000 clauses ends that clause alone, and ERROR is told of it. */
#pragma D option quiet

#include "repeat.d"

int zero, ran, before, after, errors;

ERROR
{
	printf("ERROR fault %d after %d clauses\n", arg4, ran);
	errors++;
}

#define CLAUSE(n) BEGIN { ran++; at[execname, n] = ran; @[execname, n] = count(); this->text = probename; }

HUNDRED(CLAUSE, 10) HUNDRED(CLAUSE, 11) HUNDRED(CLAUSE, 12) HUNDRED(CLAUSE, 13) HUNDRED(CLAUSE, 14)

BEGIN
{
	printf("the clause before\n");
	this->kept = ran;
}

BEGIN
{
	before = ran;
	after = ran / zero;
	after = 1;
	printf("behind the fault\n");
}

BEGIN
{
	printf("the clause after: %d errors, %d %d\n", errors, before, after);
}

HUNDRED(CLAUSE, 15) HUNDRED(CLAUSE, 16) HUNDRED(CLAUSE, 17) HUNDRED(CLAUSE, 18) HUNDRED(CLAUSE, 19)

BEGIN
{
	printf("last %d %d %s %d %d\n", ran, this->kept, this->text, at["dtrace", 1000], at["dtrace", 1999]);
	trunc(@);
	exit(0);
}
