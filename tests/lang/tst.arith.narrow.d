/* SPDX-License-Identifier: BSD-2-Clause */
/* Operands narrower than int are promoted to int first; conversions cut. */
#pragma D option quiet

char c;
unsigned char uc;
short s;
unsigned short us;

BEGIN
{
	c = -1;
	uc = 255;
	s = -32768;
	us = 65535;
}

BEGIN
{
	printf("uc + 1 = %d\n", uc + 1);
	printf("us + 1 = %d\n", us + 1);
	printf("c + 1 = %d\n", c + 1);
	printf("s - 1 = %d\n", s - 1);
	printf("uc * uc = %d\n", uc * uc);
	printf("~uc = %d\n", ~uc);
	printf("-uc = %d\n", -uc);
	printf("-us = %d\n", -us);
	printf("c == uc = %d\n", c == uc);
	printf("c == (char)uc = %d\n", c == (char)uc);
	printf("(unsigned char)c == uc = %d\n", (unsigned char)c == uc);
	printf("c < uc = %d\n", c < uc);
	printf("s < us = %d\n", s < us);
	printf("uc - us = %d\n", uc - us);
	printf("(char)(uc + 1) = %d\n", (char)(uc + 1));
	printf("(unsigned char)(uc + 2) = %d\n", (unsigned char)(uc + 2));
	printf("(short)(us + 2) = %d\n", (short)(us + 2));
	printf("(short)us = %d\n", (short)us);
	printf("(unsigned short)s = %d\n", (unsigned short)s);
	printf("(unsigned short)c = %d\n", (unsigned short)c);
	printf("(unsigned int)c = %u\n", (unsigned int)c);
	printf("(uint64_t)c = %u\n", (uint64_t)c);
	printf("(uint64_t)uc = %u\n", (uint64_t)uc);
	printf("(int8_t)200 = %d\n", (int8_t)200);
	printf("(uint8_t)-1 = %d\n", (uint8_t)-1);
	printf("(int16_t)40000 = %d\n", (int16_t)40000);
	printf("(int)3000000000 = %d\n", (int)3000000000);
	printf("(int64_t)(int)3000000000 = %d\n", (int64_t)(int)3000000000);
	printf("uc << 8 = %d\n", uc << 8);
	printf("us << 16 >> 16 = %d\n", us << 16 >> 16);
	printf("c >> 1 = %d\n", c >> 1);
	printf("uc >> 1 = %d\n", uc >> 1);
	printf("sizeof (c + c) = %d\n", sizeof (c + c));
	printf("sizeof (us) = %d\n", sizeof (us));
	printf("sizeof (-us) = %d\n", sizeof (-us));
	printf("c + 0u = %u\n", c + 0u);
	printf("c / uc = %d\n", c / uc);
	printf("s / c = %d\n", s / c);
	printf("s %% 1000 = %d\n", s % 1000);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("uc + 1 = %d\n", uc + 1);
	printf("us + 1 = %d\n", us + 1);
	printf("c + 1 = %d\n", c + 1);
	printf("s - 1 = %d\n", s - 1);
	printf("uc * uc = %d\n", uc * uc);
	printf("~uc = %d\n", ~uc);
	printf("-uc = %d\n", -uc);
	printf("-us = %d\n", -us);
	printf("c == uc = %d\n", c == uc);
	printf("c == (char)uc = %d\n", c == (char)uc);
	printf("(unsigned char)c == uc = %d\n", (unsigned char)c == uc);
	printf("c < uc = %d\n", c < uc);
	printf("s < us = %d\n", s < us);
	printf("uc - us = %d\n", uc - us);
	printf("(char)(uc + 1) = %d\n", (char)(uc + 1));
	printf("(unsigned char)(uc + 2) = %d\n", (unsigned char)(uc + 2));
	printf("(short)(us + 2) = %d\n", (short)(us + 2));
	printf("(short)us = %d\n", (short)us);
	printf("(unsigned short)s = %d\n", (unsigned short)s);
	printf("(unsigned short)c = %d\n", (unsigned short)c);
	printf("(unsigned int)c = %u\n", (unsigned int)c);
	printf("(uint64_t)c = %u\n", (uint64_t)c);
	printf("(uint64_t)uc = %u\n", (uint64_t)uc);
	printf("(int8_t)200 = %d\n", (int8_t)200);
	printf("(uint8_t)-1 = %d\n", (uint8_t)-1);
	printf("(int16_t)40000 = %d\n", (int16_t)40000);
	printf("(int)3000000000 = %d\n", (int)3000000000);
	printf("(int64_t)(int)3000000000 = %d\n", (int64_t)(int)3000000000);
	printf("uc << 8 = %d\n", uc << 8);
	printf("us << 16 >> 16 = %d\n", us << 16 >> 16);
	printf("c >> 1 = %d\n", c >> 1);
	printf("uc >> 1 = %d\n", uc >> 1);
	printf("sizeof (c + c) = %d\n", sizeof (c + c));
	printf("sizeof (us) = %d\n", sizeof (us));
	printf("sizeof (-us) = %d\n", sizeof (-us));
	printf("c + 0u = %u\n", c + 0u);
	printf("c / uc = %d\n", c / uc);
	printf("s / c = %d\n", s / c);
	printf("s %% 1000 = %d\n", s % 1000);
}
