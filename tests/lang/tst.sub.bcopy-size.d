/* SPDX-License-Identifier: BSD-2-Clause */
/* More than is there does not fit: far behind it, in part, and before it. */
#pragma D option quiet

uintptr_t own, to;

ERROR { printf("fault %d at %d\n", arg4, (int64_t)(arg5 - own)); }

BEGIN
{
	n = 4096;
	this->p = (char *)alloca(4096);
	own = (uintptr_t)this->p;
	to = own + 100000;
	bcopy(this->p, (char *)to, n);
	printf("not reached\n");
}

BEGIN
{
	to = own + 2048;
	bcopy(this->p, (char *)to, n);
	printf("not reached\n");
}

BEGIN
{
	to = own - 100000;
	bcopy(this->p, (char *)to, n);
	printf("not reached\n");
}

BEGIN
{
	exit(0);
}
