/* SPDX-License-Identifier: BSD-2-Clause */
/* One variable given a literal, a name, an address and bytes in turn. */
#pragma D option quiet

string s;
this string t;

BEGIN
{
	s = "literal";
	printf("%s\n", s);
	s = execname;
	printf("%s %d %d\n", s, s == execname, s == "dtrace");
	s = stringof((char *)&curthread->comm);
	printf("%s %d %d\n", s, s == execname, s == "dtrace");
	s = probename;
	printf("%s %d %d\n", s, s == probename, s == execname);
	this->t = s;
	this->t = execname;
	@[s] = count();
	@[this->t] = count();
	@[execname] = count();
	@["BEGIN"] = count();
	s = "";
	printf("[%s] %d\n", s, s == "");
	exit(0);
}

END
{
	printa("%s %@d\n", @);
}
