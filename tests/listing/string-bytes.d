/* SPDX-License-Identifier: BSD-2-Clause */
/* An order of strings needs their bytes. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { s = l ? "abc" : "abd"; trace(s < "abcd"); }
