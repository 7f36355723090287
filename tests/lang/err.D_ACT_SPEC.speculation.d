/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: speculate(x); system("true"); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { speculate(x); system("true"); }
