/* SPDX-License-Identifier: BSD-2-Clause */
/* panic() */
#pragma D option destructive
BEGIN { panic(); }
