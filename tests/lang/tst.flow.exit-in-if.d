/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() in an arm. */
#pragma D option quiet

int n;

tick-1ms
{
	n++;
	if (n == 2) {
		printf("leaving\n");
		exit(0);
	} else
		printf("n %d\n", n);
}
