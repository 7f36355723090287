/* SPDX-License-Identifier: BSD-2-Clause */
#pragma D option quiet

BEGIN
{
	printf("<%s>\n", lltostr(0));
	printf("<%s>\n", lltostr(7));
	printf("<%s>\n", lltostr(-1));
	printf("<%s>\n", lltostr(9223372036854775807));
	printf("<%s>\n", lltostr(-9223372036854775807 - 1));
	printf("<%s>\n", lltostr(1234567890));
	printf("<%s>\n", lltostr(255, 16));
	printf("<%s>\n", lltostr(0, 16));
	printf("<%s>\n", lltostr(-1, 16));
	printf("<%s>\n", lltostr(8, 8));
	printf("<%s>\n", lltostr(0, 8));
	printf("<%s>\n", lltostr(-1, 8));
	printf("<%s>\n", lltostr(5, 2));
	printf("<%s>\n", lltostr(-1, 2));
	printf("<%s>\n", lltostr(35, 36));
	printf("<%s>\n", lltostr(36, 36));
	printf("<%s>\n", lltostr(-10, 10));
	printf("<%s>\n", lltostr(0, 2));
	b = 7;
	printf("<%s>\n", lltostr(342, b));
	printf("<%s>\n", strjoin("pid ", lltostr((uint32_t)-1)));
	exit(0);
}
