/* SPDX-License-Identifier: BSD-2-Clause */
/* ++ on a constant. */

BEGIN { 5++; }
