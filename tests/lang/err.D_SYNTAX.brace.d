/* SPDX-License-Identifier: BSD-2-Clause */
/* A clause that nothing ends. */

BEGIN { x = 1;
