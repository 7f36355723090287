/* SPDX-License-Identifier: BSD-2-Clause */
/* Assigning 0 removes the element. */
int64_t a[int]; BEGIN { a[5] = 0; }
