/* SPDX-License-Identifier: BSD-2-Clause */
/* An array used without an index. */

int a[int];
BEGIN { x = a + 1; }
