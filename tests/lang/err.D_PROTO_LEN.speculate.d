/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate, commit, discard: speculate(); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { speculate(); }
