/* SPDX-License-Identifier: BSD-2-Clause */
/* printa of a value. */

BEGIN { printa("%d", 123); }
