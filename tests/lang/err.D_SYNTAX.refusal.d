/* SPDX-License-Identifier: BSD-2-Clause */
/* A refusal says why, in a string. */

struct in { int x; };
struct out { int y; };
translator struct out < struct in *p > { y : p->x; };
BEGIN { exit(0); }
