/* SPDX-License-Identifier: BSD-2-Clause */
/* stop(1) */
#pragma D option destructive
BEGIN { stop(1); }
