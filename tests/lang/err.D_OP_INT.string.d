/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic on a string. */

BEGIN { x = "a" * 2; }
