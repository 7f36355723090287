/* SPDX-License-Identifier: BSD-2-Clause */
/* Structs, arrays and pointers where a firing takes many programs. */
#pragma D option quiet

#include "repeat.d"

struct cell {
	int n;
	struct cell *next;
	char tag[12];
};

struct cell cells[1000];
this struct cell own[4];
this struct cell *at;
this int i;
struct cell byname[int];
int64_t sum;

#define STEP(k)                                                                                    \
	cells[this->i].n = k % 100 + 1;                                                            \
	cells[this->i].next = &cells[(this->i + 7) % 1000];                                        \
	this->at = &cells[this->i];                                                                \
	this->at->n *= 2;                                                                          \
	this->own[this->i & 3] = *this->at;                                                        \
	this->own[this->i & 3].tag[0] = 'a' + this->i % 26;                                        \
	byname[this->i] = this->own[this->i & 3];                                                  \
	byname[this->i].n++;                                                                       \
	sum += byname[this->i].n + this->at->next->n;                                              \
	this->i++;

BEGIN
{
	HUNDRED(STEP, 1)
}

BEGIN
{
	printf("%d %d %s %s\n", this->i, sum, this->own[1].tag, byname[27].tag);
	printf("%d %d %d\n", cells[99].n, this->at->n, byname[99].next == &cells[106]);
	exit(0);
}
