/* SPDX-License-Identifier: BSD-2-Clause */
/* raise(65) */
#pragma D option destructive
BEGIN { raise(65); }
