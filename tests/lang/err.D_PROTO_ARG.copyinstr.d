/* SPDX-License-Identifier: BSD-2-Clause */
/* An address is a number. */

BEGIN { trace(copyinstr("a")); }
