/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings of 4095 characters: computed, compared, as keys and values; what does not fit is cut off. */
#pragma D option quiet
#pragma D option strsize=4k

string s, t;
string a[string];

BEGIN
{
	s = "0123456789abcdef";
	s = strjoin(s, s);
	s = strjoin(s, s);
	s = strjoin(s, s);
	s = strjoin(s, s);
	s = strjoin(s, s);
	s = strjoin(s, s);
	s = strjoin(s, s);
	printf("%d\n", strlen(s));
	t = strjoin(s, s);
	printf("%d %s\n", strlen(t), substr(t, -20));
	printf("%d\n", strlen(strjoin(t, "tail")));
	printf("%d %d\n", index(t, "f01", 2050), rindex(t, "f01"));
	printf("%d %d\n", index(t, "x"), index(strjoin(substr(t, 5), "x"), "x"));
	printf("%s\n", strstr(t, substr(t, -3)));
}

BEGIN
{
	printf("%d %d %d\n", t == strjoin(s, s), t > s, t < toupper(t));
	printf("%s\n", substr(toupper(t), 4085));
	a[t] = strjoin("value of ", substr(t, 0, 5));
	a[s] = t;
	printf("%s %d\n", a[strjoin(s, s)], strlen(a[s]));
	@[t] = count();
	@[strjoin(s, s)] = count();
	printf("%d %s\n", strlen(basename(strjoin("/", t))), dirname(strjoin("/x/", t)));
	printf("%d\n", strlen(strrchr(t, '0')));
	printf("%d\n", strlen(toupper(strjoin(substr(t, 1), strjoin("x", substr(t, 2, -2))))));
	exit(0);
}

END
{
	printa("%-10.10s %@d\n", @);
}
