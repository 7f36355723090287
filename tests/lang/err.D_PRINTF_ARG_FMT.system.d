/* SPDX-License-Identifier: BSD-2-Clause */
/* system() of a string that is not known before. */
#pragma D option destructive
BEGIN { system(execname); }
