/* SPDX-License-Identifier: BSD-2-Clause */
/* A constant beyond 64 bits. */

BEGIN { x = 18446744073709551616; }
