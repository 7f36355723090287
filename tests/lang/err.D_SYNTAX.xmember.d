/* SPDX-License-Identifier: BSD-2-Clause */
/* No semicolon behind a member of a translator. */

struct in { int a; };
typedef struct out { int x; int y; } out_t;

translator out_t < struct in *I > {
	x = I->a;
	y = I->a
};

BEGIN { exit(0); }
