/* SPDX-License-Identifier: BSD-2-Clause */
/* What ERROR does is a program of the consumer's. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
ERROR { trace(arg4); } BEGIN { trace(1 / l); }
