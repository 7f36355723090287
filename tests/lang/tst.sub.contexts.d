/* SPDX-License-Identifier: BSD-2-Clause */
/* Computed strings in predicates, keys, aggregations, variables of each kind, arms and conditions. */
#pragma D option quiet

string g;
string a[string, int];
self string t;
this string c;

BEGIN
/strlen(probename) == 5 && strjoin(probeprov, "x") == "dtracex"/
{
	printf("predicate\n");
	g = strjoin("glo", "bal");
	self->t = toupper(g);
	this->c = substr(self->t, 2);
	a[strjoin("k", lltostr(1)), 1] = tolower(this->c);
	a["k2", strlen(g)] = basename("/x/y");
	printf("%s %s %s %s %s\n", g, self->t, this->c, a["k1", 1], a["k2", 6]);
	@[strjoin("key", lltostr(1))] = count();
	@["key1"] = count();
	@[substr("xkey1", 1)] = count();
	@lengths[dirname("/a/b")] = sum(strlen("12345"));
}

BEGIN
/strstr(g, "nothing") != NULL/
{
	printf("not reached\n");
}

BEGIN
/this->c == strjoin("OB", "AL") && g > "globa"/
{
	printf("next clause: %s\n", this->c);
}

BEGIN
{
	this->n = strlen(g) > 3 ? strjoin("long:", g) : substr(g, 0, 1);
	printf("%s\n", this->n);
	if (index(this->n, "glo") == 5)
		printf("if %s\n", strchr(this->n, ':'));
	else
		printf("else\n");
	printf("%d %d %d %d\n", strjoin("a", "b") == "ab", strjoin("a", "b") < "abc", strjoin("b", "a") > "ab",
	    "ab" >= strjoin("a", "b"));
	trace(strjoin(strjoin("tr", "ac"), "ed"));
	trace("\n");
	exit(0);
}

END
{
	printa("%s %@d\n", @);
	printa("%s %@d\n", @lengths);
}
