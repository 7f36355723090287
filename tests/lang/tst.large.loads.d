/* SPDX-License-Identifier: BSD-2-Clause */
/* 40 loads through a pointer that may be NULL, kept and tested later; then the same with NULL. */
#pragma D option quiet

#include "repeat.d"

#define ALL(X) TEN(X, 1) TEN(X, 2) TEN(X, 3) TEN(X, 4)

int64_t sum, ones, zeros;
this char *p;

/* the name, of the letters d t r a c e */
#define KEEP(n) this->c##n = this->p != NULL ? this->p[n % 6] : n;
#define TEST(n) if (this->c##n == 'd' || this->c##n == 'e') ones += n; else if (this->c##n == n) zeros++;
#define ADD(n) sum += this->c##n;
#define FORMAT(n) "%c"
#define ARGUMENT(n) , this->c##n

BEGIN
{
	this->p = pid == $pid ? (char *)&curthread->comm : NULL;
	ALL(KEEP)
	ALL(TEST)
	ALL(ADD)
	printf("%d %d %d\n", sum, ones, zeros);
	printf("%s " ALL(FORMAT) "\n", "kept" ALL(ARGUMENT));
}

BEGIN
{
	this->p = pid != $pid ? (char *)&curthread->comm : NULL;
	sum = 0;
	ALL(KEEP)
	ALL(TEST)
	ALL(ADD)
	printf("%d %d %d\n", sum, ones, zeros);
	exit(0);
}
