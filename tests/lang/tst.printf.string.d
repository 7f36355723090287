/* SPDX-License-Identifier: BSD-2-Clause */
/* printf: strings, precision, escapes, arrays of characters. */
#pragma D option quiet

string s;

BEGIN
{
	s = "variable";
	printf("%s|%10s|%-10s|%.3s|%10.3s|%-10.3s|\n", "text", "text", "text", "text", "text", "text");
	printf("%s|%12s|%-12s|%.4s|\n", s, s, s, s);
	printf("%s|%8s|%-8s|%.2s|\n", execname, execname, execname, execname);
	printf("%*s|%-*s|%.*s|\n", 6, "ab", 6, "ab", 1, "ab");
	printf("[%s][%5s]\n", "", "");
	printf("%S\n", "tab\tnl\nquote\"");
	printf("%s %s\n", probeprov, probename);
	printf("%s\n", curthread->comm);
	printf("%s", "no newline");
	printf("\n");
	printf("%s %d %s %d\n", "a", 1, "b", 2);
	exit(0);
}
