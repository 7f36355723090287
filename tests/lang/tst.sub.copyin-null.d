/* SPDX-License-Identifier: BSD-2-Clause */
/* No process has memory there. */
#pragma D option quiet

BEGIN
{
	this->p = copyin(0, 8);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
