/* SPDX-License-Identifier: BSD-2-Clause */
/* Options for the order of aggregations. */
#pragma D option quiet

#pragma D option aggsortrev

BEGIN
{
	@["a", 1] = sum(3);
	@["b", 2] = sum(1);
	@["c", 0] = sum(2);
	exit(0);
}

END
{
	printa("%s %d %@d\n", @);
}
