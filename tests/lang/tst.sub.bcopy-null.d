/* SPDX-License-Identifier: BSD-2-Clause */
/* There is nothing at NULL. */
#pragma D option quiet

BEGIN
{
	this->p = alloca(8); bcopy(NULL, this->p, 8);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
