/* SPDX-License-Identifier: BSD-2-Clause */
/* A pointer plus a pointer. */

BEGIN { x = (int *)8 + (int *)8; }
