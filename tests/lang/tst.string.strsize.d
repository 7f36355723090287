/* SPDX-License-Identifier: BSD-2-Clause */
/* strsize bounds what a string variable holds, its NUL included. */
#pragma D option quiet

#pragma D option strsize=16

string s;

BEGIN
{
	s = "0123456789abcdefghij";
	printf("%s\n", s);
	exit(0);
}
