/* SPDX-License-Identifier: BSD-2-Clause */
/* strlen() of nothing. */

BEGIN { trace(strlen()); }
