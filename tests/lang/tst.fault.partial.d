/* SPDX-License-Identifier: BSD-2-Clause */
/* What a clause did before its fault stays done; a record it had not finished is dropped. */
#pragma D option quiet

int zero, a, b;

BEGIN
{
	a = 1;
	@ = count();
	b = 1 / zero;
	a = 2;
	@ = count();
}

BEGIN
{
	printf("%d %d\n", a, b);
	printa("%@d\n", @);
	exit(0);
}
