/* SPDX-License-Identifier: BSD-2-Clause */
/* A key of an integer and a string. */
int64_t a[int, string]; BEGIN { a[5, "x"] = 1; }
