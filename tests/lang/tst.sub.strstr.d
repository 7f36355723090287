/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", strstr("foobar", "ob"));
	printf("<%s>\n", strstr("foobar", "foo"));
	printf("<%s>\n", strstr("foobar", "r"));
	printf("<%s>\n", strstr("foobar", "bars"));
	printf("<%s>\n", strstr("foobar", ""));
	printf("<%s>\n", strstr("", ""));
	printf("<%s>\n", strstr("", "a"));
	printf("<%s>\n", strstr("ababac", "abac"));
	printf("<%d>\n", strstr("foobar", "ob") != NULL);
	printf("<%d>\n", strstr("foobar", "x") == NULL);
	printf("<%d>\n", strstr("foobar", "x") != NULL);
	printf("<%d>\n", NULL == strstr("foobar", "x"));
	printf("<%s>\n", strstr(strstr("one two three", "two"), "th"));
	exit(0);
}
