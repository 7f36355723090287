/* SPDX-License-Identifier: BSD-2-Clause */
/* sizeof void. */

BEGIN { x = sizeof (void); }
