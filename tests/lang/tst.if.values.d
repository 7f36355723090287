/* SPDX-License-Identifier: BSD-2-Clause */
/* What an arm loads or assigns is right behind it, whichever arm ran. */
#pragma D option quiet

int a, b;
string s;

BEGIN
{
	a = 1;
	this->v = 10;
	if (a == 2) {
		this->v = pid;
		b = 2;
		s = "two";
		@["two"] = count();
	} else {
		b = 1;
		s = execname;
		@["one"] = count();
	}
	printf("%d %d %d\n", this->v, b, s == execname);
	if (a) {
		this->v++;
		a = 0;
	}
	if (a)
		this->v++;
	printf("%d %d\n", this->v, a);
	printa("%s %@d\n", @);
	exit(0);
}
