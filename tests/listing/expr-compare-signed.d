/* SPDX-License-Identifier: BSD-2-Clause */
/* A comparison as a value. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { i = l < 5; }
