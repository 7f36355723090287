/* SPDX-License-Identifier: BSD-2-Clause */
/* An unknown pragma. */

#pragma D nosuch x
BEGIN { }
