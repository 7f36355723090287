/* SPDX-License-Identifier: BSD-2-Clause */
/* -> on an integer. */

BEGIN { printf("%d", pid->x); }
