/* SPDX-License-Identifier: BSD-2-Clause */
/* Different numbers of keys for an array. */

BEGIN { a[1] = 1; a[1, 2] = 1; }
