/* SPDX-License-Identifier: BSD-2-Clause */
/* The comma: left first, the value is the right one. */
#pragma D option quiet

int a, b;

BEGIN
{
	b = (a = 3, a + 1);
	printf("%d %d\n", a, b);
	a++, b--, a += b;
	printf("%d %d\n", a, b);
	printf("%d\n", (1, 2, 3));
	printf("%s\n", (a, "text"));
	exit(0);
}

END
/(a = 1, b == 3)/
{
	printf("END %d\n", a);
}
