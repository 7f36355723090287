/* SPDX-License-Identifier: BSD-2-Clause */
/* index() takes three arguments at most. */

BEGIN { trace(index("a", "b", 1, 2)); }
