/* SPDX-License-Identifier: BSD-2-Clause */
/* substr() takes three arguments at most. */

BEGIN { trace(substr("a", 1, 2, 3)); }
