/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() in the middle of 1,000 clauses: its clause ends, the later ones do not run. */
#pragma D option quiet

#include "repeat.d"

int ran;

#define CLAUSE(n) BEGIN { ran++; at[execname, n] = ran; @[execname, n] = count(); this->text = probename; }
#define LATE(n) BEGIN { printf("late %d\n", n); at[execname, n] = ran++; @[execname, n] = count(); this->text = probename; }

HUNDRED(CLAUSE, 10) HUNDRED(CLAUSE, 11) HUNDRED(CLAUSE, 12) HUNDRED(CLAUSE, 13) HUNDRED(CLAUSE, 14)

BEGIN
{
	printf("before %d %s\n", ran, this->text);
	exit(3);
	printf("behind it %d\n", at["dtrace", 1499]);
}

HUNDRED(LATE, 15) HUNDRED(LATE, 16) HUNDRED(LATE, 17) HUNDRED(LATE, 18) HUNDRED(LATE, 19)

END
{
	printf("END %d %d %d\n", ran, at["dtrace", 1000], at["dtrace", 1500]);
	trunc(@);
}
