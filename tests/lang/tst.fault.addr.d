/* SPDX-License-Identifier: BSD-2-Clause */
/* ERROR: arg1 to arg5. */
#pragma D option quiet

ERROR
{
	printf("%d %d %d %x %s\n", arg1, arg2, arg4, arg5, probename);
	this->errors++;
}

BEGIN
{
	x = *(int *)0x10;
}

BEGIN
{
	x = 1;
	x = *(int *)0x20;
}

BEGIN
{
	exit(0);
}
