/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: speculate(x); speculate(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { speculate(x); speculate(x); }
