/* SPDX-License-Identifier: BSD-2-Clause */
/* Fewer values than conversions. */

BEGIN { printf("%d %d", 1); }
