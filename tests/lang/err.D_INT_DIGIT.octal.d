/* SPDX-License-Identifier: BSD-2-Clause */
/* A digit that octal does not have. */

BEGIN { x = 089; }
