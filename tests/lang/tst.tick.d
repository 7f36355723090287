/* SPDX-License-Identifier: BSD-2-Clause */
/* tick-N in several units, with a counter each; they end on exit. */
#pragma D option quiet

int ms, hz, us;

tick-5ms
{
	ms++;
}

tick-100hz
{
	hz++;
}

tick-2000us
{
	us++;
}

tick-100ms
/ms > 2 && hz > 1 && us > 5/
{
	printf("enough\n");
	exit(0);
}
