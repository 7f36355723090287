/* SPDX-License-Identifier: BSD-2-Clause */
/* There is no address at NULL. */
#pragma D option quiet

BEGIN
{
	trace(link_ntop(ARPHRD_ETHER, NULL));
	printf("not reached\n");
	exit(0);
}

ERROR
{
	printf("fault %d\n", arg4);
	exit(0);
}
