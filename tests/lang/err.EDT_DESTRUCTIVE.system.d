/* SPDX-License-Identifier: BSD-2-Clause */
/* system() without -w. */
BEGIN { system("true"); }
