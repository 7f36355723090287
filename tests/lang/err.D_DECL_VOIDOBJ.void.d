/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable of type void. */

void x;
BEGIN { }
