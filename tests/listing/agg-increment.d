/* SPDX-License-Identifier: BSD-2-Clause */
/* The second argument of quantize() is added instead of 1. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { @ = quantize(l, i); }
