/* SPDX-License-Identifier: BSD-2-Clause */
/* system() with too few values for its format. */
#pragma D option destructive
BEGIN { system("echo %d"); }
