/* SPDX-License-Identifier: BSD-2-Clause */
/* The rest of unsigned numbers. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { ul = ul % u; }
