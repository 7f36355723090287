/* SPDX-License-Identifier: BSD-2-Clause */
/* There is no lock at NULL. */
#pragma D option quiet

BEGIN
{
	trace(mutex_owned((struct mutex *)NULL));
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
