/* SPDX-License-Identifier: BSD-2-Clause */
/* breakpoint() */
#pragma D option destructive
BEGIN { breakpoint(); }
