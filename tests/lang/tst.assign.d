/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form of assignment; an assignment is an expression; ++ and -- before and behind. */
#pragma D option quiet

int64_t x, y, z;
unsigned char c;

BEGIN
{
	x = y = 5;
	printf("%d %d\n", x, y);
	x += 3; printf("%d\n", x);
	x -= 10; printf("%d\n", x);
	x *= -7; printf("%d\n", x);
	x /= 4; printf("%d\n", x);
	x %= 2; printf("%d\n", x);
	x <<= 10; printf("%d\n", x);
	x >>= 3; printf("%d\n", x);
	x |= 7; printf("%d\n", x);
	x &= 0x85; printf("%d\n", x);
	x ^= 0xff; printf("%d\n", x);
	z = (x += 2) * 2; printf("%d %d\n", x, z);
	z = x++ + 1; printf("%d %d\n", x, z);
	z = ++x + 1; printf("%d %d\n", x, z);
	z = x-- - --x; printf("%d %d\n", x, z);
	x = -1;
	x >>= 1; printf("%d\n", x);
	x = y += 1; printf("%d %d\n", x, y);
	exit(0);
}
