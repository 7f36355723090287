/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable declared twice with different types. */

int x;
string x;
BEGIN { }
