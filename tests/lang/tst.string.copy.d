/* SPDX-License-Identifier: BSD-2-Clause */
/* A string is a value: its copy stays when the original changes. */
#pragma D option quiet

string a, b;
this string t;

BEGIN
{
	a = "first";
	b = a;
	this->t = a;
	arr[1] = a;
	a = "second";
	printf("%s %s %s %s\n", a, b, this->t, arr[1]);
	arr[2] = arr[1];
	arr[1] = a;
	b = arr[1];
	a = execname;
	a = a == "dtrace" ? "mine" : "other";
	printf("%s %s %s %s\n", arr[1], arr[2], b, a);
	exit(0);
}
