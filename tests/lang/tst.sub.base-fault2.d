/* SPDX-License-Identifier: BSD-2-Clause */
/* A base that is none is an illegal operation where it is not seen before. */
#pragma D option quiet

BEGIN
{
	b = 1;
	trace(strtoll("5", b));
}

ERROR
{
	printf("fault %d of action %d\n", arg4, arg2);
	exit(0);
}
