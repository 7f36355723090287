/* SPDX-License-Identifier: BSD-2-Clause */
/* What is looked for is a character. */

BEGIN { trace(strchr("abc", "b")); }
