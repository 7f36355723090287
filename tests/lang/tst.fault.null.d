/* SPDX-License-Identifier: BSD-2-Clause */
/* A null pointer and a bad address: the fault tells the address. */
#pragma D option quiet

ERROR
{
	printf("ERROR %d\n", arg4);
}

BEGIN
{
	this->p = (struct task_struct *)NULL;
	printf("%d\n", this->p->pid);
}

BEGIN
{
	printf("%d\n", *(int *)0x10);
}

BEGIN
{
	x = *(uint64_t *)0xdead000000000000;
}

BEGIN
{
	s = stringof((char *)8);
}

BEGIN
{
	exit(0);
}

END
{
	printf("[%s] %d\n", s, x);
}
