/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses and other computed strings in one variable, key, ?: and comparison. */
#pragma D option quiet

string s;
int h[string];
string a[string];
this string t;

/* the name's bytes make good addresses */
inline string four = inet_ntoa((ipaddr_t *)&curthread->comm);
inline string six = inet_ntop(AF_INET6, &curthread->comm);

BEGIN
{
	s = six;
	printf("%s\n", s);
	s = four;
	printf("%s %d %d\n", s, s == four, s == "100.116.114.97");
	s = execname;
	printf("%s %d\n", s, s == "dtrace");
	this->t = stringof((char *)&curthread->comm);
	this->t = six;
	printf("%s %d %d\n", this->t, this->t == six, this->t == four);
}

BEGIN
{
	h[execname] = 1;
	h["10.0.0.1"] = 2;
	h[six] = 3;
	h[four] = 4;
	printf("%d %d %d %d\n", h["dtrace"], h["10.0.0.1"], h["6474:7261:6365::"], h["100.116.114.97"]);
	printf("%s %s\n", pid ? four : execname, pid ? probename : four);
	/* as text: "100.116.114.97", "6474:7261:6365::" */
	printf("%d %d %d %d\n", four < six, four > "2", four <= "100.116.114.97", six < "6474:7261:6365:1");
	printf("%d %d\n", four == execname, six != probename);
	/* a constant is an address where it looks like one */
	a["of"] = "100.116.114.97";
	printf("%s %d %d\n", a["of"], a["of"] == four, (pid ? a["of"] : "none") == s);
	@[four] = count();
	@[execname] = count();
	@["100.116.114.97"] = count();
	@[s] = count();
	@[a["of"]] = count();
	exit(0);
}

END
{
	printa("%s %@d\n", @);
}
