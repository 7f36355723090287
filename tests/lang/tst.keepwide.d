/* SPDX-License-Identifier: BSD-2-Clause */
/* op= and conversions of narrow variables follow C. */
#pragma D option quiet

int i;
unsigned char uc;
short s;
unsigned int u;

BEGIN
{
	i = 2147483647;
	i += 1;
	printf("%d\n", i);
	i = -2147483647;
	i -= 2;
	printf("%d\n", i);
	uc = 250;
	uc += 10;
	printf("%d\n", uc);
	uc = 255;
	uc++;
	printf("%d\n", uc);
	uc--;
	printf("%d\n", uc);
	s = 32767;
	s++;
	printf("%d\n", s);
	u = 0;
	u--;
	printf("%u\n", u);
	u += 2;
	printf("%u\n", u);
	i = 7;
	i /= -2;
	printf("%d\n", i);
	i %= 2;
	printf("%d\n", i);
	u = 10;
	u /= -1;
	printf("%u\n", u);
	i = -8;
	i >>= 1;
	printf("%d\n", i);
	u = 0x80000000;
	u >>= 3;
	printf("%x\n", u);
	u <<= 4;
	printf("%x\n", u);
	exit(0);
}
