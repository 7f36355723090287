/* SPDX-License-Identifier: BSD-2-Clause */
/* A division by zero ends its clause, fires ERROR and lets the others go on. */
#pragma D option quiet

int zero;

ERROR
{
	printf("ERROR fault %d\n", arg4);
}

BEGIN
{
	printf("first\n");
	n = 5 / zero;
	printf("not printed\n");
}

BEGIN
{
	n = 7 % zero;
	printf("not printed\n");
}

BEGIN
/(1 / zero)/
{
	printf("not printed\n");
}

BEGIN
{
	exit(0);
}

END
{
	printf("last\n");
}
