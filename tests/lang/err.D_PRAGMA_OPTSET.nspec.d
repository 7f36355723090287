/* SPDX-License-Identifier: BSD-2-Clause */
/* nspec: a number, and not any. */
#pragma D option nspec=100000
BEGIN { exit(0); }
