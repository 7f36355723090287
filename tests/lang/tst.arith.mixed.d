/* SPDX-License-Identifier: BSD-2-Clause */
/* The usual conversions: unsigned wins at the same width, the wider type otherwise. */
#pragma D option quiet

int i;
unsigned int u;
int64_t l;
uint64_t q;
unsigned char uc;

BEGIN
{
	i = -1;
	u = 1;
	l = -1;
	q = 1;
	uc = 1;
}

BEGIN
{
	printf("i < u = %d\n", i < u);
	printf("i > u = %d\n", i > u);
	printf("i < l = %d\n", i < l);
	printf("i == l = %d\n", i == l);
	printf("l < u = %d\n", l < u);
	printf("l < q = %d\n", l < q);
	printf("l > q = %d\n", l > q);
	printf("i < q = %d\n", i < q);
	printf("i > q = %d\n", i > q);
	printf("i < uc = %d\n", i < uc);
	printf("i <= u = %d\n", i <= u);
	printf("u >= i = %d\n", u >= i);
	printf("u < -1 = %d\n", u < -1);
	printf("-1 < u = %d\n", -1 < u);
	printf("-1 < uc = %d\n", -1 < uc);
	printf("i == 0xffffffff = %d\n", i == 0xffffffff);
	printf("l == 0xffffffff = %d\n", l == 0xffffffff);
	printf("l == 0xffffffffffffffff = %d\n", l == 0xffffffffffffffff);
	printf("i != 4294967295 = %d\n", i != 4294967295);
	printf("i != 4294967295u = %d\n", i != 4294967295u);
	printf("i + u = %u\n", i + u);
	printf("i * u = %u\n", i * u);
	printf("i * l = %d\n", i * l);
	printf("i + q = %u\n", i + q);
	printf("i * q = %u\n", i * q);
	printf("i / u = %u\n", i / u);
	printf("l / u = %d\n", l / u);
	printf("l / q = %u\n", l / q);
	printf("i / q = %u\n", i / q);
	printf("sizeof (i + u) = %d\n", sizeof (i + u));
	printf("sizeof (u + l) = %d\n", sizeof (u + l));
	printf("(i + u) == 0 = %d\n", (i + u) == 0);
	printf("(u - 2) < 0 = %d\n", (u - 2) < 0);
	printf("(q - 2) < 0 = %d\n", (q - 2) < 0);
	printf("(uc - 2) < 0 = %d\n", (uc - 2) < 0);
	printf("((int)u - 2) < 0 = %d\n", ((int)u - 2) < 0);
	printf("1 ? i : u = %u\n", 1 ? i : u);
	printf("1 ? i : l = %d\n", 1 ? i : l);
	printf("u ? i : q = %u\n", u ? i : q);
	printf("(u ? i : u) > 0 = %d\n", (u ? i : u) > 0);
	printf("i & l = %d\n", i & l);
	printf("i & u = %u\n", i & u);
	printf("i ^ q = %x\n", i ^ q);
	printf("u | i = %x\n", u | i);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("i < u = %d\n", i < u);
	printf("i > u = %d\n", i > u);
	printf("i < l = %d\n", i < l);
	printf("i == l = %d\n", i == l);
	printf("l < u = %d\n", l < u);
	printf("l < q = %d\n", l < q);
	printf("l > q = %d\n", l > q);
	printf("i < q = %d\n", i < q);
	printf("i > q = %d\n", i > q);
	printf("i < uc = %d\n", i < uc);
	printf("i <= u = %d\n", i <= u);
	printf("u >= i = %d\n", u >= i);
	printf("u < -1 = %d\n", u < -1);
	printf("-1 < u = %d\n", -1 < u);
	printf("-1 < uc = %d\n", -1 < uc);
	printf("i == 0xffffffff = %d\n", i == 0xffffffff);
	printf("l == 0xffffffff = %d\n", l == 0xffffffff);
	printf("l == 0xffffffffffffffff = %d\n", l == 0xffffffffffffffff);
	printf("i != 4294967295 = %d\n", i != 4294967295);
	printf("i != 4294967295u = %d\n", i != 4294967295u);
	printf("i + u = %u\n", i + u);
	printf("i * u = %u\n", i * u);
	printf("i * l = %d\n", i * l);
	printf("i + q = %u\n", i + q);
	printf("i * q = %u\n", i * q);
	printf("i / u = %u\n", i / u);
	printf("l / u = %d\n", l / u);
	printf("l / q = %u\n", l / q);
	printf("i / q = %u\n", i / q);
	printf("sizeof (i + u) = %d\n", sizeof (i + u));
	printf("sizeof (u + l) = %d\n", sizeof (u + l));
	printf("(i + u) == 0 = %d\n", (i + u) == 0);
	printf("(u - 2) < 0 = %d\n", (u - 2) < 0);
	printf("(q - 2) < 0 = %d\n", (q - 2) < 0);
	printf("(uc - 2) < 0 = %d\n", (uc - 2) < 0);
	printf("((int)u - 2) < 0 = %d\n", ((int)u - 2) < 0);
	printf("1 ? i : u = %u\n", 1 ? i : u);
	printf("1 ? i : l = %d\n", 1 ? i : l);
	printf("u ? i : q = %u\n", u ? i : q);
	printf("(u ? i : u) > 0 = %d\n", (u ? i : u) > 0);
	printf("i & l = %d\n", i & l);
	printf("i & u = %u\n", i & u);
	printf("i ^ q = %x\n", i ^ q);
	printf("u | i = %x\n", u | i);
}
