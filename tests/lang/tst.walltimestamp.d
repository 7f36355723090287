/* SPDX-License-Identifier: BSD-2-Clause */
/* %Y of a time. */
#pragma D option quiet

BEGIN
{
	printf("%Y\n", (int64_t)86400 * 1000000000);
	printf("%.4Y\n", (int64_t)86400 * 1000000000);
	printf("[%22Y]\n", 0);
	exit(0);
}
