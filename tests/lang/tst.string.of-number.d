/* SPDX-License-Identifier: BSD-2-Clause */
/* A number as the address of a string: what it is the address of is read, not the number itself. */
#pragma D option quiet

BEGIN
{
	this->p = (char *)alloca(8);
	this->p[0] = 'a';
	this->p[1] = 0;
	n = (uint64_t)this->p;
	printf("%s %s\n", stringof(n), stringof(this->p));
}

BEGIN
{
	port = (uint16_t)80;
	printf("%s %s", pid ? "FIN" : "", stringof(port));
}

ERROR
{
	printf("fault %d at %d\n", arg4, arg5);
	exit(0);
}
