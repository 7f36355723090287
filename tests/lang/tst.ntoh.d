/* SPDX-License-Identifier: BSD-2-Clause */
/* Byte order. */
#pragma D option quiet

uint16_t s;
uint32_t l;
uint64_t q;

BEGIN
{
	s = 0x1234;
	l = 0x12345678;
	q = 0x123456789abcdef0;
}

BEGIN
{
	printf("htons(s) = %x\n", htons(s));
	printf("ntohs(s) = %x\n", ntohs(s));
	printf("htonl(l) = %x\n", htonl(l));
	printf("ntohl(l) = %x\n", ntohl(l));
	printf("htonll(q) = %x\n", htonll(q));
	printf("ntohll(q) = %x\n", ntohll(q));
	printf("ntohs(0x1234) = %x\n", ntohs(0x1234));
	printf("htonl(htonl(l)) = %x\n", htonl(htonl(l)));
	printf("htons(80) == 20480 = %d\n", htons(80) == 20480);
	printf("htons(l) = %x\n", htons(l));
	printf("sizeof (htons(1)) = %d\n", sizeof (htons(1)));
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("htons(s) = %x\n", htons(s));
	printf("ntohs(s) = %x\n", ntohs(s));
	printf("htonl(l) = %x\n", htonl(l));
	printf("ntohl(l) = %x\n", ntohl(l));
	printf("htonll(q) = %x\n", htonll(q));
	printf("ntohll(q) = %x\n", ntohll(q));
	printf("ntohs(0x1234) = %x\n", ntohs(0x1234));
	printf("htonl(htonl(l)) = %x\n", htonl(htonl(l)));
	printf("htons(80) == 20480 = %d\n", htons(80) == 20480);
	printf("htons(l) = %x\n", htons(l));
	printf("sizeof (htons(1)) = %d\n", sizeof (htons(1)));
}
