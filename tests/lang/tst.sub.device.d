/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%d>\n", getmajor(0x800001));
	printf("<%d>\n", getminor(0x800001));
	printf("<%d>\n", getmajor(0));
	printf("<%d>\n", getminor(0xfffff));
	printf("<%d>\n", getmajor(0xfff00000));
	d = 0x10300005;
	printf("<%d>\n", getmajor(d));
	printf("<%d>\n", getminor(d));
	exit(0);
}
