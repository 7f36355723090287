/* SPDX-License-Identifier: BSD-2-Clause */
/* A key of another type. */

int a[string];
BEGIN { a[5] = 1; }
