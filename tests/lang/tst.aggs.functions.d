/* SPDX-License-Identifier: BSD-2-Clause */
/* Each aggregating function without a key, negative values too. */
#pragma D option quiet

int64_t v[int];

BEGIN
{
	@c = count();
	@s = sum(5); @s = sum(-12); @s = sum(3);
	@mi = min(5); @mi = min(-7); @mi = min(100);
	@ma = max(-5); @ma = max(-2); @ma = max(-9);
	@av = avg(-10); @av = avg(5); @av = avg(-2);
	@sd = stddev(2); @sd = stddev(4); @sd = stddev(4); @sd = stddev(4); @sd = stddev(5); @sd = stddev(5);
	@sd = stddev(7); @sd = stddev(9);
	@c = count();
	@us = sum((uint64_t)1 << 40);
	@um = max((unsigned char)200); @um = max((unsigned char)100);
	@mz = min(0); @mz = min(4);
	exit(0);
}

END
{
	printa("count %@d\n", @c);
	printa("sum %@d\n", @s);
	printa("min %@d\n", @mi);
	printa("max %@d\n", @ma);
	printa("avg %@d\n", @av);
	printa("stddev %@d\n", @sd);
	printa("sum %@d\n", @us);
	printa("max %@d\n", @um);
	printa("min %@d\n", @mz);
}
