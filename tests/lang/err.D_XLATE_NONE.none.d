/* SPDX-License-Identifier: BSD-2-Clause */
/* No translator for the types. */

struct a { int x; };
struct b { int y; };
BEGIN { x = xlate <struct a> (curthread); }
