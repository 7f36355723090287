/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable that holds literals alone keeps their number. */
string s; BEGIN { s = "abc"; trace(s); }
