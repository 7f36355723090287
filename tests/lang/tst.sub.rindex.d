/* SPDX-License-Identifier: BSD-2-Clause */
/* The expected numbers are Perl's index() and rindex(). */
#pragma D option quiet

BEGIN
{
	printf("<%d>\n", rindex("barbar", "bar"));
	printf("<%d>\n", rindex("barbar", "bar", 3));
	printf("<%d>\n", rindex("barbar", "bar", 2));
	printf("<%d>\n", rindex("barbar", "bar", 0));
	printf("<%d>\n", rindex("barbar", "bar", -1));
	printf("<%d>\n", rindex("barbar", "bar", 100));
	printf("<%d>\n", rindex("barbar", "x"));
	printf("<%d>\n", rindex("", "x"));
	printf("<%d>\n", rindex("", ""));
	printf("<%d>\n", rindex("abc", ""));
	printf("<%d>\n", rindex("abc", "", 1));
	printf("<%d>\n", rindex("abc", "", -1));
	printf("<%d>\n", rindex("abc", "", 100));
	printf("<%d>\n", rindex("aaaa", "aa"));
	printf("<%d>\n", rindex("aaaa", "aa", 1));
	printf("<%d>\n", rindex("abababa", "aba"));
	printf("<%d>\n", rindex("a/b/c", "/"));
	exit(0);
}
