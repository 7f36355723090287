/* SPDX-License-Identifier: BSD-2-Clause */
/* raise() */
#pragma D option destructive
BEGIN { raise(); }
