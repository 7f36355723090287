/* SPDX-License-Identifier: BSD-2-Clause */
/* An array with one integer key. */
int64_t a[int]; BEGIN { a[5] = 1; trace(a[5]); }
