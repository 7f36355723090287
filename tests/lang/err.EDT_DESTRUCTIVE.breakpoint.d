/* SPDX-License-Identifier: BSD-2-Clause */
/* breakpoint() without -w. */
BEGIN { breakpoint(); }
