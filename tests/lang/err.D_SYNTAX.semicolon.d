/* SPDX-License-Identifier: BSD-2-Clause */
/* Two expressions without a semicolon. */

BEGIN { x = 1 y = 2; }
