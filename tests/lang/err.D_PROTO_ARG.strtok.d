/* SPDX-License-Identifier: BSD-2-Clause */
/* A number is no string. */

BEGIN { trace(strtok(5, ",")); }
