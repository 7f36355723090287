/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One clause that uses many variables that the kernel has to look up: as keys,
 * in a sum, printed, chosen between, read and then written. A test defines
 * V(n), the variable with number n; ALL(X), X for each number; KEYS(K), which
 * is K with five of them at a time. Each third variable is never assigned.
 */
#pragma D option quiet

#define SET(n)                                                                                     \
	if (n % 3)                                                                                 \
		V(n) = n;
#define COUNT(a, b, c, d, e) @keys[V(a), V(b), V(c), V(d), V(e)] = count();
#define ADD(n) +V(n)
#define FORMAT(n) " %d"
#define ARGUMENT(n) , V(n)
#define CHOOSE(n)                                                                                  \
	this->sum += V(n) ? V(n) : V(10);                                                          \
	this->sum += !V(n) ? V(11) : 0;
#define STEP(n) V(n) = V(n) + n % 2;
#define CLEAR(n) V(n) = 0;

this int64_t sum;

BEGIN{ALL(SET)}

BEGIN
{
	KEYS(COUNT)
	printf("sum %d\n", 0 ALL(ADD));
	printf("%s" ALL(FORMAT) "\n", "each" ALL(ARGUMENT));
	ALL(CHOOSE)
	printf("chosen %d\n", this->sum);
	ALL(STEP)
	if (V(10) == 10 && V(11) == 12 && V(12) == 0 && V(15) == 1)
		printf("sum %d\n", 0 ALL(ADD));
	ALL(CLEAR)
	printf("sum %d\n", 0 ALL(ADD));
	exit(0);
}

END
{
	printa("%d %d %d %d %d: %@d\n", @keys);
	trunc(@keys);
}
