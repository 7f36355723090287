/* SPDX-License-Identifier: BSD-2-Clause */
/* Shifts keep the sign of their left side. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = l >> i; ul = ul >> i; l = l << 3; }
