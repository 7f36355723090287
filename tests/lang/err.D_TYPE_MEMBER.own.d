/* SPDX-License-Identifier: BSD-2-Clause */
/* A member that a declared struct does not have. */

struct s { int a; };
BEGIN { printf("%d", ((struct s *)0)->b); }
