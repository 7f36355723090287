/* SPDX-License-Identifier: BSD-2-Clause */
/* json() needs a path. */

BEGIN { trace(json("{}")); }
