/* SPDX-License-Identifier: BSD-2-Clause */
/* Two aggregations with equal keys. */
BEGIN { @a[1] = count(); @b[1] = sum(2); }
