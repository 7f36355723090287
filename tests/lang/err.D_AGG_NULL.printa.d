/* SPDX-License-Identifier: BSD-2-Clause */
/* printa of an aggregation that is never filled. */

BEGIN { printa(@nosuch); }
