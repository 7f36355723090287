/* SPDX-License-Identifier: BSD-2-Clause */
/* * takes an integer. */

BEGIN { printf("%*d", "x", 1); }
