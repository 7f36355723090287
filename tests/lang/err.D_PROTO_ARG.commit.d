/* SPDX-License-Identifier: BSD-2-Clause */
/* speculate, commit, discard: commit("x"); */
#pragma D option destructive
BEGIN { x = speculation(); }
BEGIN { commit("x"); }
