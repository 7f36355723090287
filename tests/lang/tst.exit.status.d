/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() ends with its status; the rest of its clause runs, later clauses do not fire again. */
#pragma D option quiet

BEGIN
{
	printf("before\n");
	exit(3);
	printf("after\n");
}

END
{
	printf("END\n");
}
