/* SPDX-License-Identifier: BSD-2-Clause */
/* A void value used. */

BEGIN { x = printf("x"); }
