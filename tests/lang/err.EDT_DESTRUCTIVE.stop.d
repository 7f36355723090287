/* SPDX-License-Identifier: BSD-2-Clause */
/* stop() without -w. */
BEGIN { stop(); }
