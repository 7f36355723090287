/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: trace(1); speculate(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { trace(1); speculate(x); }
