/* SPDX-License-Identifier: BSD-2-Clause */
/* An element grows where it lies. */
int64_t a[int]; BEGIN { a[5]++; }
