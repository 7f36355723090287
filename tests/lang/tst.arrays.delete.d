/* SPDX-License-Identifier: BSD-2-Clause */
/* Assigning 0 frees an element: more of them can live in turn than fit at once. */
#pragma D option quiet

#pragma D option dynvarsize=64k

int64_t a[int];
string s[int];
int i;

BEGIN
{
	a[1] = 5;
	s[1] = "x";
	a[1] = 0;
	s[1] = 0;
	printf("%d [%s]\n", a[1], s[1]);
	a[1]++;
	printf("%d\n", a[1]);
	s[1] = "again";
	printf("%s\n", s[1]);
	s[1] = "";
	printf("[%s]\n", s[1]);
}

tick-1ms
{
	i++;
	a[i] = i;
	a[i - 1] = 0;
}

tick-1ms
/i == 50/
{
	printf("%d %d %d\n", a[50], a[49], a[1]);
	exit(0);
}
