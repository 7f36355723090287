/* SPDX-License-Identifier: BSD-2-Clause */
/* A timer with 1,000 clauses is one timer: all see one timestamp, and this-> begins anew in each firing. */
#pragma D option quiet

#include "repeat.d"

int firings, wrong, last;
this int left;

tick-20ms
{
	firings++;
	wrong += this->left != 0;
	this->when = timestamp;
	this->name = probename;
}

#define CLAUSE(n) tick-20ms { @[execname, n] = count(); wrong += this->when != timestamp; this->sum += n; last = n; }

THOUSAND(CLAUSE, 1)

tick-20ms
{
	printf("%d %s %d %d\n", firings, this->name, this->sum, this->when == timestamp);
	this->left = 1;
}

tick-20ms
/firings == 3/
{
	exit(0);
}

END
{
	printf("%d wrong\n", wrong);
	trunc(@);
}
