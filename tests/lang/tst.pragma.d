/* SPDX-License-Identifier: BSD-2-Clause */
/* Options by pragma, later ones win; strings and numbers as values. */
#pragma D option quiet

#pragma D option strsize=8
#pragma D option strsize=12
#pragma D option switchrate=10hz
#pragma D option bufsize=64k

BEGIN
{
	printf("%s\n", "0123456789abcdef");
	exit(0);
}
