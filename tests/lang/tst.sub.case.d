/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", toupper("Hello, World 123"));
	printf("<%s>\n", tolower("Hello, World 123"));
	printf("<%s>\n", toupper("@[`{"));
	printf("<%s>\n", tolower("@[`{"));
	printf("<%s>\n", toupper("az"));
	printf("<%s>\n", tolower("AZ"));
	printf("<%s>\n", toupper(""));
	printf("<%s>\n", tolower("\351\311"));
	printf("<%s>\n", toupper(tolower("MiXeD")));
	s = "Variable";
	printf("<%s>\n", toupper(s));
	printf("<%s>\n", s);
	exit(0);
}
