/* SPDX-License-Identifier: BSD-2-Clause */
/* Integers have the size of their type in the record. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { printf("%d %d %u %x", c, i, u, ul); }
