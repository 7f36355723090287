/* SPDX-License-Identifier: BSD-2-Clause */
/* A global that nobody looks at grows by an atomic addition. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { l++; }
