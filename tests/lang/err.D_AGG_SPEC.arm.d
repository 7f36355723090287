/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: speculate(x); if (x) { @ = count(); } */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { speculate(x); if (x) { @ = count(); } }
