/* SPDX-License-Identifier: BSD-2-Clause */
/* A condition known beforehand leaves one arm. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l = 1 == 1 ? 7 : ul; }
