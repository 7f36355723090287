/* SPDX-License-Identifier: BSD-2-Clause */
/* A store behind what was allocated is none into the program's memory. */
#pragma D option quiet

BEGIN
{
	this->p = (int *)alloca(8); *(this->p + 1000000) = 1;
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
