/* SPDX-License-Identifier: BSD-2-Clause */
/* A value behind an aggregation. */

BEGIN { @a = count(); printa("%@d", @a, pid); }
