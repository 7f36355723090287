/* SPDX-License-Identifier: BSD-2-Clause */
/* Aggregating expressions: unsigned, 64 bits, computed, conditional, in several clauses. */
#pragma D option quiet

uint64_t q;

BEGIN
{
	q = 1ULL << 63;
	@max = max(q);
	@max2 = max((int64_t)q);
	@min = min(-q);
	@sum = sum(pid == $pid ? 10 : 20);
	@s32 = sum(4294967295u + 1);
	@s64 = sum(4294967295 + 1LL);
	@neg = sum(-(1 << 20));
	if (q)
		@yes = count();
	else
		@no = count();
}

BEGIN
{
	@sum = sum(5);
	exit(0);
}

END
{
	printa("%@d\n", @max2);
	printa("%@d\n", @sum);
	printa("%@d\n", @s32);
	printa("%@d\n", @s64);
	printa("%@d\n", @neg);
	printa("%@d\n", @yes);
	printa("%@d\n", @no);
	trunc(@max);
	trunc(@min);
}
