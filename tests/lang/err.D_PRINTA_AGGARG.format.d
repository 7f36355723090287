/* SPDX-License-Identifier: BSD-2-Clause */
/* Neither a format nor an aggregation. */

BEGIN { printa(123); }
