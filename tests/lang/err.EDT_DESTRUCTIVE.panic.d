/* SPDX-License-Identifier: BSD-2-Clause */
/* panic() without -w. */
BEGIN { panic(); }
