/* SPDX-License-Identifier: BSD-2-Clause */
/* chill() */
#pragma D option destructive
BEGIN { chill(); }
