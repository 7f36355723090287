/* SPDX-License-Identifier: BSD-2-Clause */
/* Perl's substr(): an index below 0 counts from the end, a length below 0 leaves off so many there. */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", substr("abcdef", 0));
	printf("<%s>\n", substr("abcdef", 2));
	printf("<%s>\n", substr("abcdef", 5));
	printf("<%s>\n", substr("abcdef", 6));
	printf("<%s>\n", substr("abcdef", 7));
	printf("<%s>\n", substr("abcdef", 1000000));
	printf("<%s>\n", substr("abcdef", -1));
	printf("<%s>\n", substr("abcdef", -6));
	printf("<%s>\n", substr("abcdef", -7));
	printf("<%s>\n", substr("abcdef", 1, 3));
	printf("<%s>\n", substr("abcdef", 1, 0));
	printf("<%s>\n", substr("abcdef", 4, 10));
	printf("<%s>\n", substr("abcdef", 1, -1));
	printf("<%s>\n", substr("abcdef", 1, -5));
	printf("<%s>\n", substr("abcdef", 1, -6));
	printf("<%s>\n", substr("abcdef", -3, 2));
	printf("<%s>\n", substr("abcdef", -3, -1));
	printf("<%s>\n", substr("abcdef", -8, 4));
	printf("<%s>\n", substr("abcdef", -8, 2));
	printf("<%s>\n", substr("abcdef", -8, -1));
	printf("<%s>\n", substr("abcdef", -2147483648, 3));
	printf("<%s>\n", substr("abcdef", 0, 2147483647));
	printf("<%s>\n", substr("", 0));
	printf("<%s>\n", substr("", -1));
	printf("<%s>\n", substr("", 0, 5));
	i = -2;
	n = 1;
	printf("<%s>\n", substr("abcdef", i, n));
	printf("<%s>\n", substr(substr("abcdef", 1), 1, 2));
	printf("<%s>\n", substr(probename, 1, 3));
	exit(0);
}
