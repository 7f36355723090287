/* SPDX-License-Identifier: BSD-2-Clause */
/* * on an integer. */

BEGIN { x = 5; printf("%d", *x); }
