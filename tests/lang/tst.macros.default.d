/* SPDX-License-Identifier: BSD-2-Clause */
/* With defaultargs a missing argument is 0 or "". */
#pragma D option quiet

#pragma D option defaultargs

BEGIN
{
	printf("%d %d [%s]\n", $1, $2, $$2);
	exit(0);
}
