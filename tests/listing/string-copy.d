/* SPDX-License-Identifier: BSD-2-Clause */
/* One variable to another. */
string s, t; BEGIN { s = "abc"; } BEGIN { t = s; trace(t); }
