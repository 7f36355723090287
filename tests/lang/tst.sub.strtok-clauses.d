/* SPDX-License-Identifier: BSD-2-Clause */
/* Where strtok() goes on is known to the clauses of one firing, and forgotten with it. */
#pragma D option quiet

BEGIN
{
	printf("%s\n", strtok("one two three", " "));
}

BEGIN
/strtok(NULL, " ") == "two"/
{
	printf("two, %s\n", strtok(NULL, " "));
}

BEGIN
{
	printf("<%s>\n", strtok(NULL, " "));
}

tick-10ms
/!ticks++/
{
	printf("not reached: %s\n", strtok(NULL, " "));
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
