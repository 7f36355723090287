/* SPDX-License-Identifier: BSD-2-Clause */
/* An unknown macro. */

BEGIN { exit($nosuch); }
