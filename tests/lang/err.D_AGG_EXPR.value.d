/* SPDX-License-Identifier: BSD-2-Clause */
/* An aggregation as a value. */

BEGIN { @a = count(); x = @a + 1; }
