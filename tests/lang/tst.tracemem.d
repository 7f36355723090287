/* SPDX-License-Identifier: BSD-2-Clause */
/* tracemem: the bytes at an address. */
#pragma D option quiet

BEGIN
{
	tracemem(&curthread->comm, 16);
	tracemem(curthread->comm, 6);
	exit(0);
}
