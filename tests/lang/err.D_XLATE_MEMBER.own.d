/* SPDX-License-Identifier: BSD-2-Clause */
/* A member that the program's own translator refuses. */

struct in { int x; };
struct out { int y; int gone; };
translator struct out < struct in *p > { y = p->x; gone : "use y"; };
BEGIN { trace((xlate <struct out *> ((struct in *)0))->gone); }
