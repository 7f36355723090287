/* SPDX-License-Identifier: BSD-2-Clause */
/* One lock. */

BEGIN { trace(rw_iswriter()); }
