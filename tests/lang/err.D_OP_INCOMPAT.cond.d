/* SPDX-License-Identifier: BSD-2-Clause */
/* ?: of a string and a number. */

BEGIN { x = pid ? "a" : 5; }
