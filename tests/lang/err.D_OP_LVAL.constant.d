/* SPDX-License-Identifier: BSD-2-Clause */
/* Assignment to a constant. */

BEGIN { 5 = 6; }
