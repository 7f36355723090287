/* SPDX-License-Identifier: BSD-2-Clause */
/* An unbalanced parenthesis. */

BEGIN { x = (1 + 2; }
