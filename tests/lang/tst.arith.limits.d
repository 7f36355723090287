/* SPDX-License-Identifier: BSD-2-Clause */
/* The ends of the ranges. */
#pragma D option quiet

int64_t min, max, m1;
int imin, im1;
uint64_t umax;

BEGIN
{
	min = INT64_MIN;
	max = INT64_MAX;
	m1 = -1;
	imin = INT_MIN;
	im1 = -1;
	umax = UINT64_MAX;
}

BEGIN
{
	printf("min = %d\n", min);
	printf("max = %d\n", max);
	printf("max + 1 = %d\n", max + 1);
	printf("min - 1 = %d\n", min - 1);
	printf("min / m1 = %d\n", min / m1);
	printf("min %% m1 = %d\n", min % m1);
	printf("min / -1 = %d\n", min / -1);
	printf("min %% -1 = %d\n", min % -1);
	printf("-min = %d\n", -min);
	printf("min / 2 = %d\n", min / 2);
	printf("min / max = %d\n", min / max);
	printf("min %% max = %d\n", min % max);
	printf("imin = %d\n", imin);
	printf("imin / im1 = %d\n", imin / im1);
	printf("imin %% im1 = %d\n", imin % im1);
	printf("(int64_t)imin / im1 = %d\n", (int64_t)imin / im1);
	printf("-imin = %d\n", -imin);
	printf("imin - 1 = %d\n", imin - 1);
	printf("umax = %u\n", umax);
	printf("umax + 1 == 0 = %d\n", umax + 1 == 0);
	printf("umax / 3 = %u\n", umax / 3);
	printf("umax %% 1000 = %u\n", umax % 1000);
	printf("umax * umax = %u\n", umax * umax);
	printf("(int64_t)umax = %d\n", (int64_t)umax);
	printf("umax > 0 = %d\n", umax > 0);
	printf("min < 0 = %d\n", min < 0);
	printf("min < max = %d\n", min < max);
	printf("(uint64_t)min > max = %d\n", (uint64_t)min > max);
	printf("INT_MAX = %d\n", INT_MAX);
	printf("UINT_MAX = %u\n", UINT_MAX);
	printf("SHRT_MIN = %d\n", SHRT_MIN);
	printf("CHAR_MAX = %d\n", CHAR_MAX);
	printf("min >> 63 = %d\n", min >> 63);
	printf("umax >> 4 = %x\n", umax >> 4);
	exit(0);
}

/* Again in a program that knows nothing of how the values came about. */
END
{
	printf("min = %d\n", min);
	printf("max = %d\n", max);
	printf("max + 1 = %d\n", max + 1);
	printf("min - 1 = %d\n", min - 1);
	printf("min / m1 = %d\n", min / m1);
	printf("min %% m1 = %d\n", min % m1);
	printf("min / -1 = %d\n", min / -1);
	printf("min %% -1 = %d\n", min % -1);
	printf("-min = %d\n", -min);
	printf("min / 2 = %d\n", min / 2);
	printf("min / max = %d\n", min / max);
	printf("min %% max = %d\n", min % max);
	printf("imin = %d\n", imin);
	printf("imin / im1 = %d\n", imin / im1);
	printf("imin %% im1 = %d\n", imin % im1);
	printf("(int64_t)imin / im1 = %d\n", (int64_t)imin / im1);
	printf("-imin = %d\n", -imin);
	printf("imin - 1 = %d\n", imin - 1);
	printf("umax = %u\n", umax);
	printf("umax + 1 == 0 = %d\n", umax + 1 == 0);
	printf("umax / 3 = %u\n", umax / 3);
	printf("umax %% 1000 = %u\n", umax % 1000);
	printf("umax * umax = %u\n", umax * umax);
	printf("(int64_t)umax = %d\n", (int64_t)umax);
	printf("umax > 0 = %d\n", umax > 0);
	printf("min < 0 = %d\n", min < 0);
	printf("min < max = %d\n", min < max);
	printf("(uint64_t)min > max = %d\n", (uint64_t)min > max);
	printf("INT_MAX = %d\n", INT_MAX);
	printf("UINT_MAX = %u\n", UINT_MAX);
	printf("SHRT_MIN = %d\n", SHRT_MIN);
	printf("CHAR_MAX = %d\n", CHAR_MAX);
	printf("min >> 63 = %d\n", min >> 63);
	printf("umax >> 4 = %x\n", umax >> 4);
}
