/* SPDX-License-Identifier: BSD-2-Clause */
/* chill() without -w. */
BEGIN { chill(1); }
