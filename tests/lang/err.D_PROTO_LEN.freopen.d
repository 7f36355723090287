/* SPDX-License-Identifier: BSD-2-Clause */
/* freopen() of nothing. */
#pragma D option destructive
BEGIN { freopen(); }
