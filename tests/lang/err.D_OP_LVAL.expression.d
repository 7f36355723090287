/* SPDX-License-Identifier: BSD-2-Clause */
/* Assignment to an expression. */

BEGIN { a = 1; b = 2; a + b = 3; }
