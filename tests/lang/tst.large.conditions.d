/* SPDX-License-Identifier: BSD-2-Clause */
/* The results of 30 comparisons, kept in this-> variables, decide later: alone, together and in the next clause. */
#pragma D option quiet

#include "repeat.d"

#define ALL(X) TEN(X, 1) TEN(X, 2) TEN(X, 3)

int64_t base, alone, nested, pairs, none;

#define KEEP(n) this->is##n = (base + n) % 3 == 0;
#define KEEP_TEXT(n) this->has##n = execname == (n % 2 ? "dtrace" : "nobody");
#define ALONE(n) if (this->is##n) alone += n; else none++;
#define NESTED(n) if (this->is##n) { if (this->has##n) nested += n; } else if (!this->has##n) nested += 1000;
#define PAIR(n) pairs += this->is##n && this->has##n ? n : this->is##n || this->has##n ? 1000 : 0;
#define FORMAT(n) "%d"
#define ARGUMENT(n) , this->is##n

BEGIN
{
	base = pid - $pid;
}

BEGIN
{
	ALL(KEEP)
	ALL(KEEP_TEXT)
	ALL(ALONE)
	ALL(NESTED)
	ALL(PAIR)
	printf("%d %d %d %d\n", alone, none, nested, pairs);
}

BEGIN
/this->is12 && !this->is13 && this->has13 && !this->has14/
{
	ALL(ALONE)
	printf("%s " ALL(FORMAT) "\n", "kept" ALL(ARGUMENT));
	printf("%d\n", alone);
	exit(0);
}
