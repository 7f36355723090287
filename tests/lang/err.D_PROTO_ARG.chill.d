/* SPDX-License-Identifier: BSD-2-Clause */
/* chill("x") */
#pragma D option destructive
BEGIN { chill("x"); }
