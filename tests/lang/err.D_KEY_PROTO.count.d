/* SPDX-License-Identifier: BSD-2-Clause */
/* Different numbers of keys for an aggregation. */

BEGIN { @a[1] = count(); @a[1, 2] = count(); }
