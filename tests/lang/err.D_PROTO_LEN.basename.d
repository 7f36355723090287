/* SPDX-License-Identifier: BSD-2-Clause */
/* basename() takes one argument. */

BEGIN { trace(basename("a", "b")); }
