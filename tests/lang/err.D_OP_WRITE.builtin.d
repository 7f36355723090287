/* SPDX-License-Identifier: BSD-2-Clause */
/* Assignment to a built-in variable. */

BEGIN { pid = 5; }
