/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	this->p = (uint64_t *)alloca(24);
	this->p[0] = htonll(0x000102030405 << 16);
	printf("<%s>\n", link_ntop(ARPHRD_ETHER, this->p));
	this->p[0] = htonll(0x020820ac040e << 16);
	printf("<%s>\n", link_ntop(ARPHRD_ETHER, this->p));
	this->p[0] = htonll(0x80000404fe8c417a);
	this->p[1] = htonll(0x00000000000002c9);
	this->p[2] = htonll(0x02002931cd << 24);
	printf("<%s>\n", link_ntop(ARPHRD_INFINIBAND, this->p));
	exit(0);
}
