/* SPDX-License-Identifier: BSD-2-Clause */
/* Unsigned arithmetic wraps at the width of its type. */
#pragma D option quiet

uint32_t u, one, big;
uint64_t q;

BEGIN
{
	u = 5;
	one = 1;
	big = 4294967295;
	q = 0;
}

BEGIN
{
	printf("one - u = %u\n", one - u);
	printf("one - u = %d\n", one - u);
	printf("big + one = %u\n", big + one);
	printf("big * big = %u\n", big * big);
	printf("big * 2 = %u\n", big * 2);
	printf("u - 6 = %u\n", u - 6);
	printf("-one = %u\n", -one);
	printf("~one = %u\n", ~one);
	printf("big / 2 = %u\n", big / 2);
	printf("big %% 10 = %u\n", big % 10);
	printf("big >> 31 = %u\n", big >> 31);
	printf("big << 1 = %u\n", big << 1);
	printf("(one - u) / 2 = %u\n", (one - u) / 2);
	printf("(one - u) >> 1 = %u\n", (one - u) >> 1);
	printf("(one - u) %% 7 = %u\n", (one - u) % 7);
	printf("(one - u) > 0 = %d\n", (one - u) > 0);
	printf("big + one == 0 = %d\n", big + one == 0);
	printf("q - 1 = %u\n", q - 1);
	printf("(q - 1) / 2 = %u\n", (q - 1) / 2);
	printf("(q - 1) %% 10 = %u\n", (q - 1) % 10);
	printf("(q - 1) >> 63 = %u\n", (q - 1) >> 63);
	printf("q - 1 > q = %d\n", q - 1 > q);
	printf("(uint64_t)big + one = %u\n", (uint64_t)big + one);
	printf("(uint64_t)(big + one) = %u\n", (uint64_t)(big + one));
	printf("big + 1LL = %u\n", big + 1LL);
	printf("big / -1 = %u\n", big / -1);
	printf("u / -1 = %u\n", u / -1);
	printf("u %% -1 = %u\n", u % -1);
	printf("u * -1 = %u\n", u * -1);
	printf("(int)big = %d\n", (int)big);
	printf("(int)(one - u) = %d\n", (int)(one - u));
	printf("big & -2 = %u\n", big & -2);
	printf("u + -5 = %u\n", u + -5);
	printf("big ^ big = %u\n", big ^ big);
	printf("big | 1 = %u\n", big | 1);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("one - u = %u\n", one - u);
	printf("one - u = %d\n", one - u);
	printf("big + one = %u\n", big + one);
	printf("big * big = %u\n", big * big);
	printf("big * 2 = %u\n", big * 2);
	printf("u - 6 = %u\n", u - 6);
	printf("-one = %u\n", -one);
	printf("~one = %u\n", ~one);
	printf("big / 2 = %u\n", big / 2);
	printf("big %% 10 = %u\n", big % 10);
	printf("big >> 31 = %u\n", big >> 31);
	printf("big << 1 = %u\n", big << 1);
	printf("(one - u) / 2 = %u\n", (one - u) / 2);
	printf("(one - u) >> 1 = %u\n", (one - u) >> 1);
	printf("(one - u) %% 7 = %u\n", (one - u) % 7);
	printf("(one - u) > 0 = %d\n", (one - u) > 0);
	printf("big + one == 0 = %d\n", big + one == 0);
	printf("q - 1 = %u\n", q - 1);
	printf("(q - 1) / 2 = %u\n", (q - 1) / 2);
	printf("(q - 1) %% 10 = %u\n", (q - 1) % 10);
	printf("(q - 1) >> 63 = %u\n", (q - 1) >> 63);
	printf("q - 1 > q = %d\n", q - 1 > q);
	printf("(uint64_t)big + one = %u\n", (uint64_t)big + one);
	printf("(uint64_t)(big + one) = %u\n", (uint64_t)(big + one));
	printf("big + 1LL = %u\n", big + 1LL);
	printf("big / -1 = %u\n", big / -1);
	printf("u / -1 = %u\n", u / -1);
	printf("u %% -1 = %u\n", u % -1);
	printf("u * -1 = %u\n", u * -1);
	printf("(int)big = %d\n", (int)big);
	printf("(int)(one - u) = %d\n", (int)(one - u));
	printf("big & -2 = %u\n", big & -2);
	printf("u + -5 = %u\n", u + -5);
	printf("big ^ big = %u\n", big ^ big);
	printf("big | 1 = %u\n", big | 1);
}
