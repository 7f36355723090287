/* SPDX-License-Identifier: BSD-2-Clause */
/* A struct defined twice. */

struct s { int a; };
struct s { int b; };
BEGIN { }
