/* SPDX-License-Identifier: BSD-2-Clause */
/* printf: integer conversions, flags, widths; the size is the argument's, whatever the format says. */
#pragma D option quiet

char c;
unsigned char uc;
short s;
unsigned short us;
int i;
unsigned int u;
int64_t l;
uint64_t q;
BEGIN
{
	c = -1; uc = 255; s = -2; us = 65535; i = -3; u = 4294967295; l = -5000000000; q = 18446744073709551615;
	printf("%d %d %d %d %d %d %d %d\n", c, uc, s, us, i, u, l, q);
	printf("%i %u %u %u\n", i, uc, us, u);
	printf("%u %u %u\n", c, s, i);
	printf("%x %x %x %x %x\n", c, s, i, l, uc);
	printf("%X %o %#x %#X %#o\n", 48879, 8, 255, 255, 8);
	printf("%hd %hhd %ld %lld %hx %lx %llu\n", i, c, l, l, us, q, q);
	printf("%d %ld\n", l, i);
	printf("[%5d][%-5d][%05d][%+d][%+d][% d]\n", 42, 42, 42, 42, -42, 42);
	printf("[%8x][%-8x][%08x][%#8x]\n", 0xbeef, 0xbeef, 0xbeef, 0xbeef);
	printf("[%*d][%-*d][%*d]\n", 6, 42, 6, 42, -6, 42);
	printf("[%.5d][%8.3d]\n", 42, 7);
	printf("[%5u][%-5u][%3o]\n", 7, 7, 8);
	printf("%c%c%c [%3c][%-3c]\n", 'a', 98, c - 156, 'x', 'y');
	printf("%d%%\n", 50);
	printf("%p\n", (void *)0xffff888000000000);
	printf("%d %d\n", true = 1, 5 > 3);
	printf("no conversion\n");
	printf("");
	exit(0);
}
