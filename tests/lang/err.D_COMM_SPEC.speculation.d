/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: speculate(x); commit(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { speculate(x); commit(x); }
