/* SPDX-License-Identifier: BSD-2-Clause */
/* Too many arguments. */

BEGIN { exit(1, 2); }
