/* SPDX-License-Identifier: BSD-2-Clause */
/* The format must be a constant. */

BEGIN { s = "x"; printf(s); }
