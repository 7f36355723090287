/* SPDX-License-Identifier: BSD-2-Clause */
/* An unknown conversion. */

BEGIN { printf("%q", 1); }
