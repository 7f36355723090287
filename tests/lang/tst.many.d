/* SPDX-License-Identifier: BSD-2-Clause */
/* Many values in one record and in one expression: registers run out. */
#pragma D option quiet

int64_t a, b, c, d, e, f, g, h;

BEGIN
{
	a = 1; b = 2; c = 3; d = 4; e = 5; f = 6; g = 7; h = 8;
}

BEGIN
{
	printf("%d %d %d %d %d %d %d %d %d %d %d %d\n", a, b, c, d, e, f, g, h, a + b, c + d, e + f, g + h);
	printf("%d\n", (a + b * (c - d * (e + f * (g - h * (a + b * (c + d * (e - f * (g + h)))))))));
	printf("%d\n", ((a + b) * (c + d)) + ((e + f) * (g + h)) - ((a - b) * (c - d)) - ((e - f) * (g - h)));
	printf("%d\n", a && b && c && d && e && f && g && h && a < b && b < c && c < d && d < e && !(e > f) && f != g);
	printf("%s %s %s %s %s\n", execname, probename, "x", execname, probeprov);
	x[a, b, c, d] = e;
	x[a, b, c, d] += x[a, b, c, d] + f;
	printf("%d\n", x[1LL, 2LL, 3LL, 4LL]);
	exit(0);
}
