/* SPDX-License-Identifier: BSD-2-Clause */
/* inet_ntoa, inet_ntoa6, inet_ntop: as values, compared, as keys, kept in variables. The addresses are bytes of the name "dtrace". */
#pragma D option quiet

string s, t;

BEGIN
{
	this->p = (in_addr_t *)&curthread->comm;
	s = inet_ntoa(this->p);
	t = inet_ntoa6((struct in6_addr *)&curthread->comm);
	printf("%s %s\n", s, t);
	printf("%s %s\n", inet_ntop(AF_INET, this->p), inet_ntop(AF_INET6, this->p));
	printf("%d %d %d\n", s == "100.116.114.97", inet_ntoa(this->p) == "100.116.114.97", s == "100.116.114.98");
	printf("%d %d\n", t == "6474:7261:6365::", t == s);
	printf("%d %d\n", s == inet_ntop(AF_INET, this->p), inet_ntoa(this->p) != s);
	printf("%d %d\n", s == "no address", s == "");
	@[inet_ntoa(this->p)] = count();
	@[s] = count();
	@["100.116.114.97"] = count();
	@["no address"] = count();
	@[t] = count();
	@[t] = count();
	seen[s] = 3;
	seen["::1"] = 4;
	printf("%d %d %d\n", seen["100.116.114.97"], seen["100.116.114.96"], seen["::1"]);
	s = "::1";
	printf("%s %d\n", s, seen[s]);
	s = "other";
	printf("%s %d\n", s, s == "other");
	exit(0);
}

END
{
	printa("%s %@d\n", @);
}
