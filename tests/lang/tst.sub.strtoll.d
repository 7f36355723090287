/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%d>\n", strtoll("0"));
	printf("<%d>\n", strtoll("12"));
	printf("<%d>\n", strtoll("-12"));
	printf("<%d>\n", strtoll("+12"));
	printf("<%d>\n", strtoll("  \t 12"));
	printf("<%d>\n", strtoll("\n\013\014\r12"));
	printf("<%d>\n", strtoll("12abc"));
	printf("<%d>\n", strtoll("abc"));
	printf("<%d>\n", strtoll(""));
	printf("<%d>\n", strtoll("-"));
	printf("<%d>\n", strtoll("- 1"));
	printf("<%d>\n", strtoll("0x10"));
	printf("<%d>\n", strtoll("0x10", 16));
	printf("<%d>\n", strtoll("0X1f", 16));
	printf("<%d>\n", strtoll("-0xff", 16));
	printf("<%d>\n", strtoll("ff", 16));
	printf("<%d>\n", strtoll("FFg", 16));
	printf("<%d>\n", strtoll("0xg", 16));
	printf("<%d>\n", strtoll("777", 8));
	printf("<%d>\n", strtoll("778", 8));
	printf("<%d>\n", strtoll("1012", 2));
	printf("<%d>\n", strtoll("zZ", 36));
	printf("<%d>\n", strtoll("9223372036854775807"));
	printf("<%d>\n", strtoll("-9223372036854775808"));
	b = 5;
	printf("<%d>\n", strtoll("44", b));
	printf("<%d>\n", strtoll(lltostr(-77)));
	printf("<%d>\n", strtoll("12/34", 10) + 1);
	exit(0);
}
