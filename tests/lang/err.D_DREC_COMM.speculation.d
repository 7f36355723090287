/* SPDX-License-Identifier: BSD-2-Clause */
/* What may not stand together: commit(x); trace(1); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { commit(x); trace(1); }
