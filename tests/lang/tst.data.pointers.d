/* SPDX-License-Identifier: BSD-2-Clause */
/* Pointers to variables: read and stored through, moved, kept, in structs. */
#pragma D option quiet

int x, y;
int *p;
int a[4];
this int t;
this int *tp;
struct pair {
	int n;
	struct pair *next;
	char c[8];
};
struct pair one, two;
struct pair *q;
this struct pair local;
long *wide;

BEGIN
{
	x = 5;
	p = &x;
	*p = 3;
	printf("%d %d %d\n", x, *p, p == &x);
	*p += 10;
	(*p)++;
	--*p;
	printf("%d %d\n", x, *p);
	x = -1;
	printf("%d %u\n", *p, *p);
	p = &y;
	*p = x - 1;
	printf("%d %d\n", x, y);
	p = a;
	p[1] = 11;
	*(p + 2) = 22;
	p++;
	p[2] = 33;
	printf("%d %d %d %d %d\n", a[0], a[1], a[2], a[3], p - &a[0]);
	this->t = 8;
	this->tp = &this->t;
	*this->tp *= 2;
	printf("%d\n", this->t);
	one.n = 1;
	one.next = &two;
	one.next->n = 2;
	one.next->c = "two";
	two.next = &one;
	q = &one;
	q->next->next->n += 10;
	printf("%d %d %s %s\n", one.n, two.n, q->next->c, stringof(&two.c));
	this->local = *q->next;
	q = &this->local;
	q->c[0] = 'T';
	q->n = -2;
	printf("%s %s %d %d\n", this->local.c, two.c, this->local.n, two.n);
	*q = one;
	printf("%d\n", this->local.n);
	q->n = 4;
	printf("%d %d %d\n", q->n++, q->n, ++q->n);
	wide = (long *)&a[0];
	*wide = 0x100000002;
	printf("%d %d\n", a[0], a[1]);
	exit(0);
}
