/* SPDX-License-Identifier: BSD-2-Clause */
/* else without if. */

BEGIN { else x = 1; }
