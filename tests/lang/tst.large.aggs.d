/* SPDX-License-Identifier: BSD-2-Clause */
/* One clause that feeds 200 aggregations. */
#pragma D option quiet

#include "repeat.d"

#define FEED(n) @a##n[probename] = sum(n);
#define CLEAR(n) trunc(@a##n);

BEGIN
{
	HUNDRED(FEED, 1)
	HUNDRED(FEED, 2)
	exit(0);
}

END
{
	printa("%s %@d\n", @a100);
	printa("%s %@d\n", @a200);
	printa("%s %@d\n", @a299);
	printa("%s %@d %@d %@d\n", @a163, @a164, @a165);
	HUNDRED(CLEAR, 1)
	HUNDRED(CLEAR, 2)
}
