/* SPDX-License-Identifier: BSD-2-Clause */
/* No string is as long. */
#pragma D option quiet

BEGIN
{
	s = "abc";
	i = -1;
	trace(s[i]);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
