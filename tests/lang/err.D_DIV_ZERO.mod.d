/* SPDX-License-Identifier: BSD-2-Clause */
/* Modulo by a constant 0. */

BEGIN { x = 5 % (1 - 1); }
