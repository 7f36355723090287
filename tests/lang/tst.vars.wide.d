/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable keeps all 64 bits of what it is given, whatever its declared type. */
#pragma D option quiet

int last[uint64_t];
int g;
self int s;
this int t;

BEGIN
{
	last[1] = 0x123456789abc;
	g = 0x123456789abc;
	self->s = 0x123456789abc;
	this->t = 0x123456789abc;
	printf("%d %d %d %d\n", 0x123456789abd - last[1], 0x123456789abd - g, 0x123456789abd - self->s,
	    0x123456789abd - this->t);
	printf("%x %x %x %x\n", last[1], g, self->s, this->t);
	last[2] = timestamp;
	printf("%d\n", timestamp - last[2] < 1000000000);
	exit(0);
}

END
{
	printf("%d %d %x %x\n", 0x123456789abd - last[1], 0x123456789abd - g, last[1], g);
}
