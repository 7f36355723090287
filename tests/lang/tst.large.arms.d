/* SPDX-License-Identifier: BSD-2-Clause */
/* Arms of if and else that are 300 statements long run as a whole or not at all, nested too. */
#pragma D option quiet

#include "repeat.d"

int64_t taken, skipped, inner, outer, never;
int turns;

#define TAKE(n) taken += n; at[n]++; @[execname, n] = count();
#define SKIP(n) skipped += n; at[n]--; @[execname, n] = count();
#define INNER(n) inner += n; at[n] += 2;
#define OUTER(n) outer += n; at[n] += 4;
#define NEVER(n) never += n; at[n] += 8;

BEGIN
{
	if (execname == "dtrace") {
		HUNDRED(TAKE, 1) HUNDRED(TAKE, 2) HUNDRED(TAKE, 3)
	} else {
		HUNDRED(SKIP, 1) HUNDRED(SKIP, 2) HUNDRED(SKIP, 3)
	}
	if (pid != $pid) {
		HUNDRED(SKIP, 1) HUNDRED(SKIP, 2) HUNDRED(SKIP, 3)
	}
	printf("%d %d %d\n", taken, skipped, at[100] + at[250] + at[399]);
}

BEGIN
{
	if (pid == $pid) {
		HUNDRED(OUTER, 1)
		if (execname == "nobody") {
			HUNDRED(NEVER, 1) HUNDRED(NEVER, 2) HUNDRED(NEVER, 3)
		} else if (taken > 0) {
			HUNDRED(INNER, 1) HUNDRED(INNER, 2) HUNDRED(INNER, 3)
		} else {
			HUNDRED(NEVER, 1) HUNDRED(NEVER, 2) HUNDRED(NEVER, 3)
		}
		HUNDRED(OUTER, 2)
		HUNDRED(OUTER, 3)
	} else {
		HUNDRED(NEVER, 1) HUNDRED(NEVER, 2) HUNDRED(NEVER, 3)
	}
	printf("%d %d %d %d\n", outer, inner, never, at[100] + at[250] + at[399]);
	exit(0);
}

END
{
	trunc(@, 1);
	printa("%s %d %@d\n", @);
	trunc(@);
}
