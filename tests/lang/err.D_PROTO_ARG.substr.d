/* SPDX-License-Identifier: BSD-2-Clause */
/* The index is a number. */

BEGIN { trace(substr("a", "b")); }
