/* SPDX-License-Identifier: BSD-2-Clause */
/* avg() has a sum and a count. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { @ = avg(l); }
