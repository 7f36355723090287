/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%d>\n", strlen(""));
	printf("<%d>\n", strlen("a"));
	printf("<%d>\n", strlen("abcdefg"));
	printf("<%d>\n", strlen("abcdefgh"));
	printf("<%d>\n", strlen("abcdefghi"));
	printf("<%d>\n", strlen("a\0b"));
	printf("<%d>\n", strlen(probename));
	printf("<%d>\n", strlen(stringof(probename)) + 1);
	x = "variable";
	printf("<%d>\n", strlen(x));
	this->y = "clause";
	printf("<%d>\n", strlen(this->y));
	printf("<%d>\n", strlen(strjoin(x, this->y)));
	exit(0);
}
