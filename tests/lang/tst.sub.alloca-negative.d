/* SPDX-License-Identifier: BSD-2-Clause */
/* A negative size is more than there is. */
#pragma D option quiet

BEGIN
{
	n = -1; this->p = alloca(n);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
