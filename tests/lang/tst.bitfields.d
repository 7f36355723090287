/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of every width of a kernel struct, bit-fields, unions, nested arrays. */
#pragma D option quiet

struct bits {
	unsigned int a : 3, b : 7;
	int c : 6;
	uint64_t d : 40;
};
struct view {
	uint8_t b[16];
};

BEGIN
{
	this->v = (struct view *)&curthread->comm;
	printf("%d %d %d\n", this->v->b[0], this->v->b[5], this->v->b[6]);
	this->b = (struct bits *)&curthread->comm;
	printf("%d %d %d\n", this->b->a, this->b->b, this->b->c);
	printf("%d\n", curthread->se.on_rq >= 0);
	printf("%d %x\n", *(uint16_t *)this->v == 0x7464, *(uint32_t *)this->v);
	exit(0);
}
