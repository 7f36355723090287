/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable of an unknown struct. */

struct nosuch x;
BEGIN { }
