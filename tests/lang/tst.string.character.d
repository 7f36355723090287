/* SPDX-License-Identifier: BSD-2-Clause */
/* s[i] is a character; behind the end of the string it is 0. */
#pragma D option quiet

BEGIN
{
	s = "abc";
	printf("<%d>\n", s[0]);
	printf("<%c>\n", s[1]);
	printf("<%d>\n", s[3]);
	printf("<%d>\n", s[100]);
	i = 2;
	printf("<%c>\n", s[i]);
	printf("<%c>\n", strjoin("x", s)[1]);
	printf("<%c>\n", execname[0]);
	printf("<%d>\n", s[0] == 'a' && s[1] != 'a');
	printf("<%d>\n", "\377"[0]);
	exit(0);
}
