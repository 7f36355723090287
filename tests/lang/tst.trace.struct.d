/* SPDX-License-Identifier: BSD-2-Clause */
/* trace: a struct is its bytes, text if they are one. */
#pragma D option quiet
struct small { char name[8]; };
struct number { uint32_t n; };

BEGIN
{
	trace(*(struct small *)curthread->comm);
	printf("|\n");
	trace(*(struct number *)(curthread->comm + 4));
	exit(0);
}
