/* SPDX-License-Identifier: BSD-2-Clause */
/* lquantize: below, steps, above, negative bounds, an increment. */
#pragma D option quiet

BEGIN
{
	@a = lquantize(-5, 0, 10, 2);
	@a = lquantize(0, 0, 10, 2);
	@a = lquantize(3, 0, 10, 2);
	@a = lquantize(9, 0, 10, 2);
	@a = lquantize(10, 0, 10, 2);
	@b = lquantize(-15, -20, 20, 10, 2);
	@b = lquantize(-1, -20, 20, 10);
	@c = lquantize(5, 0, 100);
	exit(0);
}

END
{
	printa("%@d", @a);
	printa("%@d", @b);
	printa("%@d", @c);
}
