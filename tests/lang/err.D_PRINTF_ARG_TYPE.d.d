/* SPDX-License-Identifier: BSD-2-Clause */
/* %d of a string. */

BEGIN { printf("%d", execname); }
