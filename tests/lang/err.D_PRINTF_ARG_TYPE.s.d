/* SPDX-License-Identifier: BSD-2-Clause */
/* %s of a number. */

BEGIN { printf("%s", pid); }
