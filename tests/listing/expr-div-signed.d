/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed division is made of unsigned division, and a divisor of 0 is a fault. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = l / i; }
