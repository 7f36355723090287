/* SPDX-License-Identifier: BSD-2-Clause */
/* After exit() no other probe but END fires. */
#pragma D option quiet

int n;

tick-1ms
/++n == 3/
{
	printf("exit at %d\n", n);
	exit(0);
}

tick-1ms
/n > 3/
{
	printf("too late\n");
}

END
{
	printf("END %d\n", n);
}
