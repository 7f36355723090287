/* SPDX-License-Identifier: BSD-2-Clause */
/* 2,000 clauses for one probe, of every usual kind: each runs once and finds what the others left. */
#pragma D option quiet

#include "repeat.d"

int64_t ran, wrong;
int at[int];
int byname[string, int];

BEGIN
{
	@ran = count();
	this->start = timestamp;
}

#define COUNT(n) BEGIN { @ran = count(); @keyed[execname, n] = sum(n); ran++; }
#define PRINT(n) BEGIN /n % 100 == 0/ { printf("%d %s %d\n", n, probename, ran); }
#define FIELDS(n) BEGIN /pid == $pid && uid < n + 4000000/ { @ran = count(); ran++; }
#define ARRAY(n) BEGIN { at[n] = at[n - 1] + 1; byname[execname, n] = at[n]; ran++; }
#define TEXT(n) BEGIN /execname == "nobody" || probename != "BEGIN" || timestamp != this->start/ { wrong++; }

HUNDRED(COUNT, 1) HUNDRED(PRINT, 1) HUNDRED(FIELDS, 1) HUNDRED(ARRAY, 1) HUNDRED(TEXT, 1)
HUNDRED(COUNT, 2) HUNDRED(PRINT, 2) HUNDRED(FIELDS, 2) HUNDRED(ARRAY, 2) HUNDRED(TEXT, 2)
HUNDRED(COUNT, 3) HUNDRED(PRINT, 3) HUNDRED(FIELDS, 3) HUNDRED(ARRAY, 3) HUNDRED(TEXT, 3)
HUNDRED(COUNT, 4) HUNDRED(PRINT, 4) HUNDRED(FIELDS, 4) HUNDRED(ARRAY, 4) HUNDRED(TEXT, 4)

BEGIN
{
	@ran = count();
	printf("%d %d %d %d\n", ran, at[100], at[499], byname["dtrace", 499]);
	printf("%d wrong\n", wrong);
	exit(0);
}

END
{
	printa("%@d ran\n", @ran);
	trunc(@keyed, 3);
	printa("%s %d %@d\n", @keyed);
	trunc(@keyed);
	trunc(@ran);
}
