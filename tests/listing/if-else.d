/* SPDX-License-Identifier: BSD-2-Clause */
/* Both branches meet again. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { if (l > 3) { ul = 1; } else { ul = 2; } }
