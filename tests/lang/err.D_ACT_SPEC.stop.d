/* SPDX-License-Identifier: BSD-2-Clause */
/* stop() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); stop(); }
