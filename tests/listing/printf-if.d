/* SPDX-License-Identifier: BSD-2-Clause */
/* An action behind a condition: what did not happen is told apart. */
int8_t c; uint8_t uc; int i; unsigned int u; int64_t l; uint64_t ul; string s; string t;
BEGIN { if (l) { printf("%d", 1); } trace(2); }
