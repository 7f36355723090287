/* SPDX-License-Identifier: BSD-2-Clause */
/* copyoutstr() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); copyoutstr("x", 1, 1); }
