/* SPDX-License-Identifier: BSD-2-Clause */
/* Several clauses for a probe, several probes for a clause, program order, predicates that change things. */
#pragma D option quiet

int n;

BEGIN, END
{
	printf("%s 1\n", probename);
}

BEGIN
/n++ == 0/
{
	printf("n %d\n", n);
}

BEGIN
/n++ == 0/
{
	printf("not\n");
}

dtrace:::BEGIN,
dtrace:::END
/n == 2/
{
	printf("%s 2\n", probename);
}

dtrace:::BEG?N
{
	printf("globbed\n");
}

dtrace:::E*
/probename == "END"/
{
	printf("any\n");
}

dtrace:::[A-C]*
{
	exit(0);
}

END
{
	printf("n %d\n", n);
}
