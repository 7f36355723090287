/* SPDX-License-Identifier: BSD-2-Clause */
/* Macro arguments as numbers and as strings, $0, in predicates and descriptions. */
#pragma D option quiet

BEGIN
{
	printf("%d %d %s %s %d\n", $1, $2 + 1, $$3, $$1, $4);
	printf("%s\n", $$0 == "tests/lang/tst.macros.d" ? "script" : $$0);
	printf("%x %d\n", $4, $5);
}

BEGIN
/$1 == 7 && $$3 == "text with spaces"/
{
	printf("yes\n");
}

$6:::$7
{
	printf("probe of a macro\n");
	exit(0);
}
