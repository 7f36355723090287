/* SPDX-License-Identifier: BSD-2-Clause */
/* ?: with strings: nested, of mixed kinds, assigned, as a key, in a call. */
#pragma D option quiet

int n;
string s, t;

BEGIN
{
	n = 2;
	s = n == 1 ? "one" : n == 2 ? "two" : "many";
	t = n > 1 ? execname : "constant";
	printf("%s %d %s\n", s, t == execname, n == 3 ? "three" : "not three");
	printf("%s\n", n == 1 ? execname : n == 2 ? s : "x");
	printf("%s\n", (n == 2 ? "a" : "b") == "a" ? "right" : "wrong");
	@[n == 2 ? "key two" : execname] = count();
	@[n == 3 ? "key three" : execname == "dtrace" ? "key dtrace" : execname] = count();
	n = 1;
	s = n == 1 ? "one" : n == 2 ? "two" : "many";
	printf("%s\n", s);
	printf("%s\n", n ? probename : execname);
	printf("[%s]\n", n ? "" : "x");
	exit(0);
}

END
{
	printa("%s %@d\n", @);
}
