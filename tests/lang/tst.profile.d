/* SPDX-License-Identifier: BSD-2-Clause */
/* profile-N fires on every CPU. */
#pragma D option quiet

int n;

profile-199
{
	@[cpu >= 0] = count();
	n = 1;
}

tick-20ms
/n/
{
	exit(0);
}

END
{
	printf("%d\n", n);
	trunc(@);
}
