/* SPDX-License-Identifier: BSD-2-Clause */
/* Constants are calculated by the compiler. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = (1 + 2) * 3 << 4; }
