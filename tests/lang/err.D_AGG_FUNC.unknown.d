/* SPDX-License-Identifier: BSD-2-Clause */
/* An unknown aggregating function. */

BEGIN { @a = nosuch(1); }
