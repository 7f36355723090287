/* SPDX-License-Identifier: BSD-2-Clause */
/* breakpoint() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); breakpoint(); }
