/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate, commit, discard: y = commit(x); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { y = commit(x); }
