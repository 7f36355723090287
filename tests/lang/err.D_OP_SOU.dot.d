/* SPDX-License-Identifier: BSD-2-Clause */
/* . on what is no struct. */

BEGIN { printf("%d", pid.x); }
