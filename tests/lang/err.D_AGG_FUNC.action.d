/* SPDX-License-Identifier: BSD-2-Clause */
/* What is not an aggregating function. */

BEGIN { @a = 5; }
