/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate() holds to the end of its list of statements. */
#pragma D option quiet
#pragma D option nspec=3

BEGIN { x = speculation(); y = speculation(); z = speculation(); n = 1; }
BEGIN
{
	printf("at once\n");
	if (n) {
		speculate(x);
		printf("x: arm\n");
		if (n) {
			printf("x: inner arm\n");
		} else {
			printf("none\n");
		}
		{
			printf("x: block\n");
		}
	} else {
		speculate(y);
		printf("y\n");
	}
	printf("at once too\n");
	if (n == 2)
		speculate(y);
	if (n) {
		speculate(y);
		printf("y: another arm\n");
	}
}
BEGIN { { speculate(z); printf("z: block\n"); } printf("at once behind a block\n"); }
BEGIN { if (n) commit(y); }
BEGIN { commit(x); }
BEGIN { commit(z); }
BEGIN { exit(0); }
