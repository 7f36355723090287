/* SPDX-License-Identifier: BSD-2-Clause */
/* Too few arguments. */

BEGIN { x = htons(); }
