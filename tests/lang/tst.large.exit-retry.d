/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() in a clause that is cut into parts, before one that uses more maps than a program has: none of it runs. */
#pragma D option quiet

#include "repeat.d"

#define SET(n) self->v##n = n;
#define COUNT(n) @a##n[n] = count();

BEGIN
{
	exit(3);
	HUNDRED(SET, 10) HUNDRED(SET, 11) HUNDRED(SET, 12) HUNDRED(SET, 13) HUNDRED(SET, 14)
}

BEGIN
{
	HUNDRED(COUNT, 1)
}

END
{
	printf("END\n");
	printa(@a110);
}
