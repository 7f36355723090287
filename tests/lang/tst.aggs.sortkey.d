/* SPDX-License-Identifier: BSD-2-Clause */
/* aggsortkey orders by key. */
#pragma D option quiet

#pragma D option aggsortkey
#pragma D option aggsortkeypos=1

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
