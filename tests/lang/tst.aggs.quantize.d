/* SPDX-License-Identifier: BSD-2-Clause */
/* quantize: powers of two on both sides of 0, with an increment, drawn as DTrace draws. */
#pragma D option quiet

BEGIN
{
	@a = quantize(1);
	@a = quantize(1);
	@a = quantize(2);
	@a = quantize(-3);
	@a = quantize(0);
	@b = quantize(1000, 3);
	@b = quantize(5000);
	@c["key", 1] = quantize(-1);
	exit(0);
}

END
{
	printa(@a);
	printa("%@d", @b);
	printa("%s %d%@d", @c);
}
