/* SPDX-License-Identifier: BSD-2-Clause */
/* printa: several aggregations joined by key, fewer conversions than keys, widths, positions. */
#pragma D option quiet

BEGIN
{
	@c["x", 1] = count();
	@c["x", 1] = count();
	@c["y", 2] = count();
	@s["x", 1] = sum(10);
	@s["z", 3] = sum(-30);
	@n["k"] = max(255);
	exit(0);
}

END
{
	printa("%s %d %@d\n", @c);
	printa("%s %@d\n", @c);
	printa("%@d\n", @c);
	printa("%@4d|%-3s|%3d|\n", @c);
	printa("%s %@x %@d\n", @n);
	printa("%-5s%@-6u|%@06d|%@+d\n", @n);
	printa("no conversion\n", @n);
	printa("%s %d: %@d %@d\n", @c, @s);
}
