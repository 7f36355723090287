/* SPDX-License-Identifier: BSD-2-Clause */
/* llquantize() steps through magnitudes. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { @ = llquantize(l, 10, 0, 6, 10); }
