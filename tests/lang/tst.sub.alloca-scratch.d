/* SPDX-License-Identifier: BSD-2-Clause */
/* There are 4096 bytes where the size is not known before. */
#pragma D option quiet

BEGIN
{
	n = 4097; this->p = alloca(n);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
