/* SPDX-License-Identifier: BSD-2-Clause */
/* Escapes and adjacent literals. */
#pragma D option quiet

BEGIN
{
	printf("%s\n", "tab\there");
	printf("%s\n", "quote\"back\\slash");
	printf("%s\n", "oct\101 hex\x42");
	printf("%s\n", "one" " and " "two");
	printf("a\tb\\n%%\n");
	printf("adjacent " "format %d\n", 5);
	printf("%d\n", sizeof ("four"));
	exit(0);
}
