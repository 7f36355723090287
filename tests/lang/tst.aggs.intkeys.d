/* SPDX-License-Identifier: BSD-2-Clause */
/* Integer keys of several widths and signs. */
#pragma D option quiet

char c;
unsigned short us;
BEGIN
{
	c = -1;
	us = 65535;
	@a[c] = count();
	@a[-1] = count();
	@b[us, c, 1LL << 40] = count();
	@u[4294967295] = count();
	@p[(void *)0x1000] = count();
	@t[pid == $pid] = count();
	exit(0);
}

END
{
	printa("%d %@d\n", @a);
	printa("%d %d %d %@d\n", @b);
	printa("%d %@d\n", @u);
	printa("%p %@d\n", @p);
	printa("%d %@d\n", @t);
}
