/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: speculate(x); exit(0); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { speculate(x); exit(0); }
