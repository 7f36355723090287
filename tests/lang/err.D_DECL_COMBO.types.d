/* SPDX-License-Identifier: BSD-2-Clause */
/* Types that do not go together. */

unsigned string x;
BEGIN { }
