/* SPDX-License-Identifier: BSD-2-Clause */
/* Two functions for one aggregation. */

BEGIN { @a = count(); @a = sum(1); }
