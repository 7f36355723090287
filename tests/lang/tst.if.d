/* SPDX-License-Identifier: BSD-2-Clause */
/* if and else: nested, dangling, with blocks and without, side effects of the conditions. */
#pragma D option quiet

int x, n;

BEGIN
{
	x = 5;
	if (x > 3)
		printf("a\n");
	else
		printf("b\n");
	if (x < 3)
		printf("c\n");
	else if (x == 5) {
		printf("d\n");
		x = 6;
	} else
		printf("e\n");
	if (x == 6)
		if (x == 7)
			printf("f\n");
		else
			printf("g\n");
	if (x) {
	} else {
		printf("h\n");
	}
	if (n++)
		printf("i\n");
	if (n++) {
		if (!(n - 2)) {
			printf("j %d\n", n);
		}
	}
	if (x == 6 && n == 2 || x)
		;
	printf("x %d n %d\n", x, n);
	exit(0);
}
