/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings take what strsize says. */
#pragma D option strsize=16
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { s = l ? "abc" : probename; @[s] = count(); trace(s < "b"); }
