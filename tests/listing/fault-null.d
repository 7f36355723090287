/* SPDX-License-Identifier: BSD-2-Clause */
/* A null pointer is a fault, known to the compiler. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { trace(*(int *)l); }
