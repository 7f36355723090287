/* SPDX-License-Identifier: BSD-2-Clause */
/* freopen: a file that cannot be made changes nothing. */
#pragma D option quiet
#pragma D option destructive

BEGIN
{
	freopen("/dev/null/none");
	printf("to be seen\n");
	exit(0);
}
