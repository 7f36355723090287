/* SPDX-License-Identifier: BSD-2-Clause */
/* printa of aggregations whose keys differ. */

BEGIN { @a[1] = count(); @b["x"] = count(); printa(@a, @b); }
