/* SPDX-License-Identifier: BSD-2-Clause */
/* No process has memory there. */
#pragma D option quiet

BEGIN
{
	this->p = alloca(8); copyinto(0, 8, this->p);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
