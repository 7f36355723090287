/* SPDX-License-Identifier: BSD-2-Clause */
/* Shifts: arithmetic for signed, logical for unsigned; the type is the left operand's. */
#pragma D option quiet

int i, n;
unsigned int u;
int64_t l;
uint64_t q;
uint64_t qn;

BEGIN
{
	i = -256;
	n = 4;
	u = 0xf0000000;
	l = -1;
	q = 0x8000000000000000;
	qn = 33;
}

BEGIN
{
	printf("i >> n = %d\n", i >> n);
	printf("i >> 1 = %d\n", i >> 1);
	printf("i << n = %d\n", i << n);
	printf("u >> n = %u\n", u >> n);
	printf("u << n = %x\n", u << n);
	printf("u >> 28 = %u\n", u >> 28);
	printf("l >> 63 = %d\n", l >> 63);
	printf("l << 63 = %d\n", l << 63);
	printf("q >> n = %x\n", q >> n);
	printf("q >> 63 = %u\n", q >> 63);
	printf("1ULL << qn = %x\n", 1ULL << qn);
	printf("(uint64_t)u << n = %x\n", (uint64_t)u << n);
	printf("1 << n = %d\n", 1 << n);
	printf("1 << 31 = %d\n", 1 << 31);
	printf("1u << 31 = %u\n", 1u << 31);
	printf("(i >> 31) = %d\n", (i >> 31));
	printf("sizeof (n << qn) = %d\n", sizeof (n << qn));
	printf("sizeof (q >> n) = %d\n", sizeof (q >> n));
	printf("q >> qn = %x\n", q >> qn);
	printf("-1 >> n = %d\n", -1 >> n);
	printf("0xffu << 24 = %x\n", 0xffu << 24);
	printf("0x80 << 24 = %d\n", 0x80 << 24);
	printf("i >> 0 = %d\n", i >> 0);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("i >> n = %d\n", i >> n);
	printf("i >> 1 = %d\n", i >> 1);
	printf("i << n = %d\n", i << n);
	printf("u >> n = %u\n", u >> n);
	printf("u << n = %x\n", u << n);
	printf("u >> 28 = %u\n", u >> 28);
	printf("l >> 63 = %d\n", l >> 63);
	printf("l << 63 = %d\n", l << 63);
	printf("q >> n = %x\n", q >> n);
	printf("q >> 63 = %u\n", q >> 63);
	printf("1ULL << qn = %x\n", 1ULL << qn);
	printf("(uint64_t)u << n = %x\n", (uint64_t)u << n);
	printf("1 << n = %d\n", 1 << n);
	printf("1 << 31 = %d\n", 1 << 31);
	printf("1u << 31 = %u\n", 1u << 31);
	printf("(i >> 31) = %d\n", (i >> 31));
	printf("sizeof (n << qn) = %d\n", sizeof (n << qn));
	printf("sizeof (q >> n) = %d\n", sizeof (q >> n));
	printf("q >> qn = %x\n", q >> qn);
	printf("-1 >> n = %d\n", -1 >> n);
	printf("0xffu << 24 = %x\n", 0xffu << 24);
	printf("0x80 << 24 = %d\n", 0x80 << 24);
	printf("i >> 0 = %d\n", i >> 0);
}
