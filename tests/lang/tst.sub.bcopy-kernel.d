/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's memory is not written. */
#pragma D option quiet

BEGIN
{
	this->p = alloca(8); bcopy(this->p, curthread, 8);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
