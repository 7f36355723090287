/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparison of strings: constants, variables, built-in ones, in every representation. */
#pragma D option quiet

string a, b, e, n;
string kept[int];

BEGIN
{
	a = "apple";
	b = "banana";
	n = execname;
	kept[1] = "apple";
	kept[2] = execname;
}

BEGIN
{
	printf("\"a\" == \"a\" = %d\n", "a" == "a");
	printf("\"a\" == \"b\" = %d\n", "a" == "b");
	printf("\"a\" < \"b\" = %d\n", "a" < "b");
	printf("\"a\" < \"ab\" = %d\n", "a" < "ab");
	printf("\"\" < \"a\" = %d\n", "" < "a");
	printf("\"b\" > \"ab\" = %d\n", "b" > "ab");
	printf("\"a\" <= \"a\" = %d\n", "a" <= "a");
	printf("\"a\" >= \"b\" = %d\n", "a" >= "b");
	printf("\"a\" != \"a\" = %d\n", "a" != "a");
	printf("\"Z\" < \"a\" = %d\n", "Z" < "a");
	printf("a == \"apple\" = %d\n", a == "apple");
	printf("a != \"apple\" = %d\n", a != "apple");
	printf("a == \"appl\" = %d\n", a == "appl");
	printf("a == \"apples\" = %d\n", a == "apples");
	printf("\"apple\" == a = %d\n", "apple" == a);
	printf("a < b = %d\n", a < b);
	printf("a <= b = %d\n", a <= b);
	printf("a > b = %d\n", a > b);
	printf("a >= b = %d\n", a >= b);
	printf("a == b = %d\n", a == b);
	printf("a != b = %d\n", a != b);
	printf("b > \"apple\" = %d\n", b > "apple");
	printf("a < \"b\" = %d\n", a < "b");
	printf("a > \"\" = %d\n", a > "");
	printf("e == \"\" = %d\n", e == "");
	printf("e < a = %d\n", e < a);
	printf("e == a = %d\n", e == a);
	printf("a == a = %d\n", a == a);
	printf("a == kept[1] = %d\n", a == kept[1]);
	printf("kept[1] == \"apple\" = %d\n", kept[1] == "apple");
	printf("kept[3] == \"\" = %d\n", kept[3] == "");
	printf("kept[3] == e = %d\n", kept[3] == e);
	printf("execname == execname = %d\n", execname == execname);
	printf("execname == n = %d\n", execname == n);
	printf("n == execname = %d\n", n == execname);
	printf("kept[2] == n = %d\n", kept[2] == n);
	printf("execname == \"no such name\" = %d\n", execname == "no such name");
	printf("execname != \"\" = %d\n", execname != "");
	printf("execname > \"\" = %d\n", execname > "");
	printf("execname <= n = %d\n", execname <= n);
	printf("execname < n = %d\n", execname < n);
	printf("probename == \"BEGIN\" || probename == \"END\" = %d\n", probename == "BEGIN" || probename == "END");
	printf("probeprov == \"dtrace\" = %d\n", probeprov == "dtrace");
	printf("probefunc == \"\" = %d\n", probefunc == "");
	printf("(a == \"apple\" ? \"yes\" : \"no\") == \"yes\" = %d\n", (a == "apple" ? "yes" : "no") == "yes");
	printf("(a == \"x\" ? a : b) == \"banana\" = %d\n", (a == "x" ? a : b) == "banana");
	printf("\"apple\" < n && n < \"apple\" = %d\n", "apple" < n && n < "apple");
	printf("a < \"applf\" && a > \"appld\" = %d\n", a < "applf" && a > "appld");
	printf("a == \"apple\" && b == \"banana\" = %d\n", a == "apple" && b == "banana");
	printf("!(a == \"apple\") = %d\n", !(a == "apple"));
	printf("a == b ? 1 : 2 = %d\n", a == b ? 1 : 2);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("\"a\" == \"a\" = %d\n", "a" == "a");
	printf("\"a\" == \"b\" = %d\n", "a" == "b");
	printf("\"a\" < \"b\" = %d\n", "a" < "b");
	printf("\"a\" < \"ab\" = %d\n", "a" < "ab");
	printf("\"\" < \"a\" = %d\n", "" < "a");
	printf("\"b\" > \"ab\" = %d\n", "b" > "ab");
	printf("\"a\" <= \"a\" = %d\n", "a" <= "a");
	printf("\"a\" >= \"b\" = %d\n", "a" >= "b");
	printf("\"a\" != \"a\" = %d\n", "a" != "a");
	printf("\"Z\" < \"a\" = %d\n", "Z" < "a");
	printf("a == \"apple\" = %d\n", a == "apple");
	printf("a != \"apple\" = %d\n", a != "apple");
	printf("a == \"appl\" = %d\n", a == "appl");
	printf("a == \"apples\" = %d\n", a == "apples");
	printf("\"apple\" == a = %d\n", "apple" == a);
	printf("a < b = %d\n", a < b);
	printf("a <= b = %d\n", a <= b);
	printf("a > b = %d\n", a > b);
	printf("a >= b = %d\n", a >= b);
	printf("a == b = %d\n", a == b);
	printf("a != b = %d\n", a != b);
	printf("b > \"apple\" = %d\n", b > "apple");
	printf("a < \"b\" = %d\n", a < "b");
	printf("a > \"\" = %d\n", a > "");
	printf("e == \"\" = %d\n", e == "");
	printf("e < a = %d\n", e < a);
	printf("e == a = %d\n", e == a);
	printf("a == a = %d\n", a == a);
	printf("a == kept[1] = %d\n", a == kept[1]);
	printf("kept[1] == \"apple\" = %d\n", kept[1] == "apple");
	printf("kept[3] == \"\" = %d\n", kept[3] == "");
	printf("kept[3] == e = %d\n", kept[3] == e);
	printf("execname == execname = %d\n", execname == execname);
	printf("execname == n = %d\n", execname == n);
	printf("n == execname = %d\n", n == execname);
	printf("kept[2] == n = %d\n", kept[2] == n);
	printf("execname == \"no such name\" = %d\n", execname == "no such name");
	printf("execname != \"\" = %d\n", execname != "");
	printf("execname > \"\" = %d\n", execname > "");
	printf("execname <= n = %d\n", execname <= n);
	printf("execname < n = %d\n", execname < n);
	printf("probename == \"BEGIN\" || probename == \"END\" = %d\n", probename == "BEGIN" || probename == "END");
	printf("probeprov == \"dtrace\" = %d\n", probeprov == "dtrace");
	printf("probefunc == \"\" = %d\n", probefunc == "");
	printf("(a == \"apple\" ? \"yes\" : \"no\") == \"yes\" = %d\n", (a == "apple" ? "yes" : "no") == "yes");
	printf("(a == \"x\" ? a : b) == \"banana\" = %d\n", (a == "x" ? a : b) == "banana");
	printf("\"apple\" < n && n < \"apple\" = %d\n", "apple" < n && n < "apple");
	printf("a < \"applf\" && a > \"appld\" = %d\n", a < "applf" && a > "appld");
	printf("a == \"apple\" && b == \"banana\" = %d\n", a == "apple" && b == "banana");
	printf("!(a == \"apple\") = %d\n", !(a == "apple"));
	printf("a == b ? 1 : 2 = %d\n", a == b ? 1 : 2);
}
