/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", strchr("foobar", 'o'));
	printf("<%s>\n", strrchr("foobar", 'o'));
	printf("<%s>\n", strchr("foobar", 'f'));
	printf("<%s>\n", strchr("foobar", 'r'));
	printf("<%s>\n", strrchr("foobar", 'r'));
	printf("<%s>\n", strrchr("foobar", 'f'));
	printf("<%s>\n", strchr("foobar", 'x'));
	printf("<%s>\n", strrchr("foobar", 'x'));
	printf("<%s>\n", strchr("foobar", '\0'));
	printf("<%s>\n", strrchr("foobar", '\0'));
	printf("<%s>\n", strchr("", 'a'));
	printf("<%s>\n", strchr("foobar", 'b' + 256));
	printf("<%s>\n", strrchr("/usr/bin/x", '/'));
	printf("<%d>\n", strchr("foobar", 'x') == NULL);
	printf("<%d>\n", strrchr("foobar", 'b') != NULL);
	c = 'a';
	printf("<%s>\n", strchr("foobar", c));
	exit(0);
}
