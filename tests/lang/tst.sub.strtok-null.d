/* SPDX-License-Identifier: BSD-2-Clause */
/* There is nothing that strtok(NULL) could go on with: a fault, once the end was found too. */
#pragma D option quiet

BEGIN
{
	x = strtok("", ",");
	x = strtok(NULL, ",");
}

ERROR
{
	printf("fault %d at %x of action %d\n", arg4, arg5, arg2);
	exit(0);
}
