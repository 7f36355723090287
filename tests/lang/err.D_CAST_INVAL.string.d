/* SPDX-License-Identifier: BSD-2-Clause */
/* A string cast to a number. */

BEGIN { x = (int)execname; }
