/* SPDX-License-Identifier: BSD-2-Clause */
/* A format, and nothing to print by it. */

BEGIN { printa("x"); }
