/* SPDX-License-Identifier: BSD-2-Clause */
/* offsetof on what is no struct. */

BEGIN { x = offsetof(int, a); }
