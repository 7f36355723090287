/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings in predicates. */
#pragma D option quiet

string s;

BEGIN
{
	s = "go";
}

BEGIN
/execname == "dtrace"/
{
	printf("1\n");
}

BEGIN
/execname != "dtrace"/
{
	printf("not 1\n");
}

BEGIN
/s == "go" && probename == "BEGIN"/
{
	printf("2\n");
}

BEGIN
/s < "a" || s > "z"/
{
	printf("not 2\n");
}

BEGIN
/probename != "BEGIN"/
{
	printf("not 3\n");
}

BEGIN
{
	exit(0);
}

END
/probename == "END" && s == "go"/
{
	printf("3\n");
}
