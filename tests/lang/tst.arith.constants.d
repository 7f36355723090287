/* SPDX-License-Identifier: BSD-2-Clause */
/* Integer constants: bases, suffixes, the type by value; characters. */
#pragma D option quiet

BEGIN
{
}

BEGIN
{
	printf("10 = %d\n", 10);
	printf("010 = %d\n", 010);
	printf("0x10 = %d\n", 0x10);
	printf("0X1F = %d\n", 0X1F);
	printf("0 = %d\n", 0);
	printf("2147483647 = %d\n", 2147483647);
	printf("2147483648 = %d\n", 2147483648);
	printf("-2147483648 = %d\n", -2147483648);
	printf("sizeof (2147483647) = %d\n", sizeof (2147483647));
	printf("sizeof (2147483648) = %d\n", sizeof (2147483648));
	printf("sizeof (0x80000000) = %d\n", sizeof (0x80000000));
	printf("sizeof (0x100000000) = %d\n", sizeof (0x100000000));
	printf("sizeof (1l) = %d\n", sizeof (1l));
	printf("sizeof (1u) = %d\n", sizeof (1u));
	printf("sizeof (1ull) = %d\n", sizeof (1ull));
	printf("sizeof (1LL) = %d\n", sizeof (1LL));
	printf("sizeof ('a') = %d\n", sizeof ('a'));
	printf("0xffffffff > 0 = %d\n", 0xffffffff > 0);
	printf("-1 < 0x80000000 = %d\n", -1 < 0x80000000);
	printf("-1 < 2147483648 = %d\n", -1 < 2147483648);
	printf("18446744073709551615 = %u\n", 18446744073709551615);
	printf("9223372036854775807 = %d\n", 9223372036854775807);
	printf("0xffffffffffffffff = %x\n", 0xffffffffffffffff);
	printf("01777777777777777777777 = %u\n", 01777777777777777777777);
	printf("0x123456789abcdef0 = %x\n", 0x123456789abcdef0);
	printf("'a' = %d\n", 'a');
	printf("'\\n' = %d\n", '\n');
	printf("'\\0' = %d\n", '\0');
	printf("'\\101' = %d\n", '\101');
	printf("'\\x41' = %d\n", '\x41');
	printf("'\\'' = %d\n", '\'');
	printf("'\\\\' = %d\n", '\\');
	printf("'\"' = %d\n", '"');
	printf("'\\t' = %d\n", '\t');
	printf("1u - 2 > 0 = %d\n", 1u - 2 > 0);
	printf("7 / -2 = %d\n", 7 / -2);
	printf("-7 %% 3 = %d\n", -7 % 3);
	printf("7u / -2 = %u\n", 7u / -2);
	printf("1 - 2u = %u\n", 1 - 2u);
	printf("1 + 2 * 3 = %d\n", 1 + 2 * 3);
	printf("(1 + 2) * 3 = %d\n", (1 + 2) * 3);
	printf("1 << 2 + 1 = %d\n", 1 << 2 + 1);
	printf("7 & 3 == 3 = %d\n", 7 & 3 == 3);
	printf("10 - 4 - 3 = %d\n", 10 - 4 - 3);
	printf("100 / 10 / 5 = %d\n", 100 / 10 / 5);
	printf("1 ? 2 : 0 ? 3 : 4 = %d\n", 1 ? 2 : 0 ? 3 : 4);
	printf("0 ? 2 : 0 ? 3 : 4 = %d\n", 0 ? 2 : 0 ? 3 : 4);
	printf("6 ^ 3 | 8 & 12 = %d\n", 6 ^ 3 | 8 & 12);
	printf("0x7fffffff + 1 = %d\n", 0x7fffffff + 1);
	printf("NULL == 0 = %d\n", NULL == 0);
	printf("~0 = %d\n", ~0);
	printf("~0u = %u\n", ~0u);
	printf("!5 = %d\n", !5);
	printf("-5 / 2 * 2 + -5 %% 2 = %d\n", -5 / 2 * 2 + -5 % 2);
	exit(0);
}
