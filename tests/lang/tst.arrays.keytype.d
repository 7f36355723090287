/* SPDX-License-Identifier: BSD-2-Clause */
/* A key is converted to the declared type of its place. */
#pragma D option quiet

int byll[int64_t];
int byu8[uint8_t];
int byint[int];
short s;

BEGIN
{
	s = -2;
	byll[s] = 1;
	printf("%d %d\n", byll[-2], byll[-2LL]);
	byu8[257] = 7;
	printf("%d %d\n", byu8[1], byu8[257]);
	byint[0x100000005] = 9;
	printf("%d\n", byint[5]);
	exit(0);
}
