/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate, commit, discard: y = discard(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { y = discard(x); }
