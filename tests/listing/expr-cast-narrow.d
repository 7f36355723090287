/* SPDX-License-Identifier: BSD-2-Clause */
/* A cast to 8 bits, with its sign and without. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { i = (int8_t)l; u = (uint8_t)l; }
