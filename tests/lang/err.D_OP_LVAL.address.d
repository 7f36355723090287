/* SPDX-License-Identifier: BSD-2-Clause */
/* The address of a variable. */

int x;
BEGIN { y = &x; }
