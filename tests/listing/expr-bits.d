/* SPDX-License-Identifier: BSD-2-Clause */
/* Bitwise operations never need a cut. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = (l & 15) | (u ^ ul); }
