/* SPDX-License-Identifier: BSD-2-Clause */
/* More than is there does not fit. */
#pragma D option quiet

BEGIN
{
	n = 4096; this->p = alloca(8); bcopy(this->p, (char *)this->p + 100000, n);
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
