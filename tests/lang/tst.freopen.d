/* SPDX-License-Identifier: BSD-2-Clause */
/* freopen: to a file and back; a format makes the name. */
#pragma D option quiet
#pragma D option destructive

BEGIN
{
	printf("before\n");
	freopen("/dev/%s", "null");
	printf("not to be seen\n");
	system("echo nor what a command says");
	freopen("");
	printf("after\n");
	freopen("");
	printf("still\n");
	exit(0);
}
