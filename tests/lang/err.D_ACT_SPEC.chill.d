/* SPDX-License-Identifier: BSD-2-Clause */
/* chill() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); chill(1); }
