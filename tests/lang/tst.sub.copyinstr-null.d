/* SPDX-License-Identifier: BSD-2-Clause */
/* No process has a string there. */
#pragma D option quiet

BEGIN
{
	trace(copyinstr(0));
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
