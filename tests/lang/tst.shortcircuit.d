/* SPDX-License-Identifier: BSD-2-Clause */
/* The right side of && and || runs only if the left one did not decide. */
#pragma D option quiet

int n, r, z, one;

BEGIN
{
	one = 1;
	r = z && ++n;
	printf("%d %d\n", r, n);
	r = one || ++n;
	printf("%d %d\n", r, n);
	r = one && ++n;
	printf("%d %d\n", r, n);
	r = z || ++n;
	printf("%d %d\n", r, n);
	r = one ^^ ++n;
	printf("%d %d\n", r, n);
	r = z ? ++n : 7;
	printf("%d %d\n", r, n);
	r = one ? 8 : ++n;
	printf("%d %d\n", r, n);
	r = z && (n = 100) || one && (n = n + 10);
	printf("%d %d\n", r, n);
	exit(0);
}
