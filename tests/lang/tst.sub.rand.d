/* SPDX-License-Identifier: BSD-2-Clause */
/* Of 16 numbers some are negative, some are not, and no two neighbours are equal. */
#pragma D option quiet

int n, last, below, above, equal;

#define FOUR(x) x x x x
BEGIN
{
	FOUR(FOUR(n = rand(); below += n < 0; above += n >= 0; equal += n == last; last = n;))
	printf("%d %d %d\n", below > 0, above > 0, equal);
	exit(0);
}
