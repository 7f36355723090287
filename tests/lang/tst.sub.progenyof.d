/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%d>\n", progenyof(pid));
	printf("<%d>\n", progenyof(ppid));
	printf("<%d>\n", progenyof($ppid) || 1);
	printf("<%d>\n", progenyof(-1));
	printf("<%d>\n", progenyof(2147483647));
	p = pid;
	printf("<%d>\n", progenyof(p) && !progenyof(p + 1000000));
	exit(0);
}
