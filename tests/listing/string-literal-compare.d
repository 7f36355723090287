/* SPDX-License-Identifier: BSD-2-Clause */
/* Literals compare by number. */
string s; BEGIN { s = "abc"; trace(s == "abc"); }
