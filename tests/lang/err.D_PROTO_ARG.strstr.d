/* SPDX-License-Identifier: BSD-2-Clause */
/* What is looked for is a string, not a character. */

BEGIN { trace(strstr("abc", 'b')); }
