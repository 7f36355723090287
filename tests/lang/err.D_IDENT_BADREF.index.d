/* SPDX-License-Identifier: BSD-2-Clause */
/* A scalar with an index. */

int a;
BEGIN { x = a[1]; }
