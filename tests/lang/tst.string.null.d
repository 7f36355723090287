/* SPDX-License-Identifier: BSD-2-Clause */
/* 0 and NULL clear a string; NULL compares as an empty one. */
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
	printf("%d %d %d\n", s == NULL, s != NULL, NULL == a[1]);
	s = "x";
	printf("%d %d %d\n", s == NULL, s != NULL, NULL != execname);
	printf("%d %d\n", "" == NULL, "x" != NULL);
	this->p = (char *)0;
	printf("%d\n", this->p == NULL);
	exit(0);
}
