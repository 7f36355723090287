/* SPDX-License-Identifier: BSD-2-Clause */
/* More values than conversions. */

BEGIN { printf("%d", 1, 2); }
