/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate, commit, discard: x = speculation(1); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { x = speculation(1); }
