/* SPDX-License-Identifier: BSD-2-Clause */
/* What was not printed prints at the end: all aggregations in their order. */
#pragma D option quiet

BEGIN
{
	@c = count();
	@named["text", -3, 'c'] = sum(7);
	@named["other", 12, 'd'] = sum(-7);
	@empty["x"] = count();
	clear(@empty);
	@gone["x"] = count();
	trunc(@gone);
	exit(0);
}
