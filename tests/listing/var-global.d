/* SPDX-License-Identifier: BSD-2-Clause */
/* Globals share one map's value; a second read needs no load. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { trace(l); trace(l); }
