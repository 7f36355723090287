/* SPDX-License-Identifier: BSD-2-Clause */
/* A string assigned to a number. */

int x;
BEGIN { x = "text"; }
