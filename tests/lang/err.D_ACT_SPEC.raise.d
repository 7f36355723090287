/* SPDX-License-Identifier: BSD-2-Clause */
/* raise() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); raise(9); }
