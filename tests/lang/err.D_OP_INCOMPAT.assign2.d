/* SPDX-License-Identifier: BSD-2-Clause */
/* A number assigned to a string. */

string s;
BEGIN { s = 5; }
