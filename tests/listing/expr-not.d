/* SPDX-License-Identifier: BSD-2-Clause */
/* Negation, complement and logical not. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = -l; ul = ~ul; i = !u; }
