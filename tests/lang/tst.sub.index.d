/* SPDX-License-Identifier: BSD-2-Clause */
/* The expected numbers are Perl's index() and rindex(). */
#pragma D option quiet

BEGIN
{
	printf("<%d>\n", index("foobar", "bar"));
	printf("<%d>\n", index("foobar", "foo"));
	printf("<%d>\n", index("foobar", "foobar"));
	printf("<%d>\n", index("foobar", "foobarx"));
	printf("<%d>\n", index("foobar", "x"));
	printf("<%d>\n", index("", "x"));
	printf("<%d>\n", index("", ""));
	printf("<%d>\n", index("abc", ""));
	printf("<%d>\n", index("abcabc", "abc", 1));
	printf("<%d>\n", index("abcabc", "abc", 3));
	printf("<%d>\n", index("abcabc", "abc", 4));
	printf("<%d>\n", index("abcabc", "abc", -5));
	printf("<%d>\n", index("abcabc", "abc", 100));
	printf("<%d>\n", index("abcabc", "", 2));
	printf("<%d>\n", index("abcabc", "", 100));
	printf("<%d>\n", index("abcabc", "", -1));
	printf("<%d>\n", index("", "", 5));
	printf("<%d>\n", index("aabaabaaab", "aaab"));
	printf("<%d>\n", index("ababababc", "ababc"));
	printf("<%d>\n", index("aaaaaaaaaaaaaaaaaaaaaaab", "aab"));
	printf("<%d>\n", index("a", "aa"));
	i = 2;
	printf("<%d>\n", index("xxyxxy", "xx", i));
	printf("<%d>\n", index(strjoin("one", "two"), substr("stun", 1, 1)));
	exit(0);
}
