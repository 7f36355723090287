/* SPDX-License-Identifier: BSD-2-Clause */
/* A number with letters behind it. */

BEGIN { x = 12abc; }
