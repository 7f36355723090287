/* SPDX-License-Identifier: BSD-2-Clause */
/* %Y of a string. */

BEGIN { printf("%Y", execname); }
