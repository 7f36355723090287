/* SPDX-License-Identifier: BSD-2-Clause */
/* No semicolon behind a translator. */

struct in { int a; };
typedef struct out { int x; } out_t;

translator out_t < struct in *I > {
	x = I->a;
}

BEGIN { exit(0); }
