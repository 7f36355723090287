/* SPDX-License-Identifier: BSD-2-Clause */
/* A loop. */

BEGIN { for (i = 0; i < 10; i++) x++; }
