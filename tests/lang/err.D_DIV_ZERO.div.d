/* SPDX-License-Identifier: BSD-2-Clause */
/* Division by a constant 0. */

BEGIN { x = pid / 0; }
