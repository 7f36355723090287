/* SPDX-License-Identifier: BSD-2-Clause */
/* freopen() without -w. */
BEGIN { freopen("/dev/null"); }
