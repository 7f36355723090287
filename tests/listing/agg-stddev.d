/* SPDX-License-Identifier: BSD-2-Clause */
/* stddev() has the sum of squares in 128 bits. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { @ = stddev(i); }
