/* SPDX-License-Identifier: BSD-2-Clause */
/* strtok() needs a set. */

BEGIN { trace(strtok("a")); }
