/* SPDX-License-Identifier: BSD-2-Clause */
/* What is looked for is a string. */

BEGIN { trace(index("abc", 1)); }
