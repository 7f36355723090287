/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: commit(x); commit(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { commit(x); commit(x); }
