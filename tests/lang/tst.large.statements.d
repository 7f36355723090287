/* SPDX-License-Identifier: BSD-2-Clause */
/* One clause of 500 statements of each usual kind: the first, a middle and the last tell of all before them. */
#pragma D option quiet

#include "repeat.d"

int64_t ran, sum;
string text;

#define COUNT(n) @counts[execname, n] = sum(n); ran++;
#define ASSIGN(n) sum += n; at[n] = sum;
#define PRINT(n) if (n % 25 == 24) { printf("%d %s %d\n", n, text, ran); } else { text = "t" #n; }
#define STRING(n) text = execname == "dtrace" ? "s" #n : "wrong"; this->s = text; byname[this->s] = n;
#define CHOOSE(n) if (ran > n) { sum += n; } else if (text == "never") { sum -= n; } else { sum++; }

BEGIN
{
	HUNDRED(COUNT, 1)
	HUNDRED(ASSIGN, 1)
	HUNDRED(PRINT, 1)
	HUNDRED(STRING, 1)
	HUNDRED(CHOOSE, 1)
	printf("%s %d %d %d %d\n", this->s, ran, sum, at[100], at[199]);
	printf("%d %d %d\n", byname["s100"], byname["s150"], byname["s199"]);
	@last = sum(sum);
	exit(0);
}

END
{
	trunc(@counts, 2);
	printa("%s %d %@d\n", @counts);
	trunc(@counts);
	printa("%@d\n", @last);
	trunc(@last);
}
