/* SPDX-License-Identifier: BSD-2-Clause */
/* x = raise(9) */
#pragma D option destructive
BEGIN { x = raise(9); }
