/* SPDX-License-Identifier: BSD-2-Clause */
/* panic() behind speculate(). */
#pragma D option destructive
BEGIN { speculate(1); panic(); }
