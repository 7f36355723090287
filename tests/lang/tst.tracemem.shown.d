/* SPDX-License-Identifier: BSD-2-Clause */
/* tracemem: of the bytes recorded as many as a third argument says. */
#pragma D option quiet

BEGIN
{
	n = 3;
	tracemem(curthread->comm, 6, n);
	tracemem(curthread->comm, 6, 6);
	tracemem(curthread->comm, 6, 7);
	tracemem(curthread->comm, 6, -1);
	tracemem(curthread->comm, 6, 0);
	printf("|\n");
	exit(0);
}
