/* SPDX-License-Identifier: BSD-2-Clause */
/* An inner condition is tested where the outer held. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { if (l) { if (ul) { i = 1; } } }
