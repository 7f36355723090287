/* SPDX-License-Identifier: BSD-2-Clause */
/* The left side of a comma is made for what it does. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = (i = 1, 2); }
