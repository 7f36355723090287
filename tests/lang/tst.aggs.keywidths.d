/* SPDX-License-Identifier: BSD-2-Clause */
/* One key written with several types: the one that holds all values counts. */
#pragma D option quiet
BEGIN
{
	@a[(int32_t)-1, 2] = count();
	@a[(int64_t)-1, 2] = count();
	@a[(int64_t)1 << 40, (uint8_t)3] = count();
	@b[(uint8_t)255] = count();
	@b[(int8_t)-1] = count();
	@b[(uint32_t)0xffffffff] = count();
	@b[-1] = count();
	@c[(int64_t)1] = sum(1);
	@c[(uint32_t)1] = sum(2);
	@c[(short)-1] = sum(4);
	x[(int32_t)-1, 2] = 5;
	x[(int64_t)-1, 2] += 6;
	printf("%d\n", x[(int64_t)-1, 2]);
	exit(0);
}
