/* SPDX-License-Identifier: BSD-2-Clause */
/* raise() without -w. */
BEGIN { raise(9); }
