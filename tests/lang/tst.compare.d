/* SPDX-License-Identifier: BSD-2-Clause */
/* Relational operators on every mix of widths, as values. */
#pragma D option quiet

int a, b;
uint64_t q;

BEGIN
{
	a = -3;
	b = 3;
	q = 3;
}

BEGIN
{
	printf("a < b = %d\n", a < b);
	printf("a <= b = %d\n", a <= b);
	printf("a > b = %d\n", a > b);
	printf("a >= b = %d\n", a >= b);
	printf("a == b = %d\n", a == b);
	printf("a != b = %d\n", a != b);
	printf("a == -3 = %d\n", a == -3);
	printf("a < -3 = %d\n", a < -3);
	printf("a <= -3 = %d\n", a <= -3);
	printf("a > -4 = %d\n", a > -4);
	printf("a >= -2 = %d\n", a >= -2);
	printf("-3 == a = %d\n", -3 == a);
	printf("-4 < a = %d\n", -4 < a);
	printf("b == q = %d\n", b == q);
	printf("q == b = %d\n", q == b);
	printf("b < q = %d\n", b < q);
	printf("b <= q = %d\n", b <= q);
	printf("a < q = %d\n", a < q);
	printf("(a < b) + (b > a) = %d\n", (a < b) + (b > a));
	printf("(a < b) == (b > a) = %d\n", (a < b) == (b > a));
	printf("a < b < 1 = %d\n", a < b < 1);
	printf("3 > 2 > 1 = %d\n", 3 > 2 > 1);
	printf("sizeof (q < b) = %d\n", sizeof (q < b));
	printf("a < 0x7fffffffffffffff = %d\n", a < 0x7fffffffffffffff);
	printf("b < -0x7fffffffffffffff = %d\n", b < -0x7fffffffffffffff);
	printf("q > 0xfffffffffffffff0 = %d\n", q > 0xfffffffffffffff0);
	printf("q < 0xfffffffffffffff0 = %d\n", q < 0xfffffffffffffff0);
	printf("a > -5000000000 = %d\n", a > -5000000000);
	printf("a < 5000000000 = %d\n", a < 5000000000);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("a < b = %d\n", a < b);
	printf("a <= b = %d\n", a <= b);
	printf("a > b = %d\n", a > b);
	printf("a >= b = %d\n", a >= b);
	printf("a == b = %d\n", a == b);
	printf("a != b = %d\n", a != b);
	printf("a == -3 = %d\n", a == -3);
	printf("a < -3 = %d\n", a < -3);
	printf("a <= -3 = %d\n", a <= -3);
	printf("a > -4 = %d\n", a > -4);
	printf("a >= -2 = %d\n", a >= -2);
	printf("-3 == a = %d\n", -3 == a);
	printf("-4 < a = %d\n", -4 < a);
	printf("b == q = %d\n", b == q);
	printf("q == b = %d\n", q == b);
	printf("b < q = %d\n", b < q);
	printf("b <= q = %d\n", b <= q);
	printf("a < q = %d\n", a < q);
	printf("(a < b) + (b > a) = %d\n", (a < b) + (b > a));
	printf("(a < b) == (b > a) = %d\n", (a < b) == (b > a));
	printf("a < b < 1 = %d\n", a < b < 1);
	printf("3 > 2 > 1 = %d\n", 3 > 2 > 1);
	printf("sizeof (q < b) = %d\n", sizeof (q < b));
	printf("a < 0x7fffffffffffffff = %d\n", a < 0x7fffffffffffffff);
	printf("b < -0x7fffffffffffffff = %d\n", b < -0x7fffffffffffffff);
	printf("q > 0xfffffffffffffff0 = %d\n", q > 0xfffffffffffffff0);
	printf("q < 0xfffffffffffffff0 = %d\n", q < 0xfffffffffffffff0);
	printf("a > -5000000000 = %d\n", a > -5000000000);
	printf("a < 5000000000 = %d\n", a < 5000000000);
}
