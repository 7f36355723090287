/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions with keys; the order is by value, then by key. */
#pragma D option quiet

BEGIN
{
	@s["b"] = sum(5);
	@s["a"] = sum(5);
	@s["c"] = sum(-3);
	@s["d"] = sum(100);
	@s["c"] = sum(1);
	@m[1, "x"] = min(4);
	@m[1, "x"] = min(-4);
	@m[2, "x"] = min(9);
	@m[1, "y"] = min(-9);
	@x[pid, execname] = max(7);
	@a[1] = avg(3);
	@a[1] = avg(4);
	@a[-1] = avg(-3);
	@a[-1] = avg(-4);
	exit(0);
}

END
{
	printa("%s %@d\n", @s);
	printa("%d %s %@d\n", @m);
	printa("%@d\n", @x);
	printa("%d %@d\n", @a);
}
