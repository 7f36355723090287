/* SPDX-License-Identifier: BSD-2-Clause */
/* 0 and NULL clear a string; an empty string is false. */
#pragma D option quiet

string s;
string a[int];

BEGIN
{
	s = "x";
	a[1] = "y";
	printf("[%s][%s]\n", s, a[1]);
	s = 0;
	a[1] = 0;
	printf("[%s][%s] %d\n", s, a[1], s == "");
	s = NULL;
	printf("[%s]\n", s);
	exit(0);
}
