/* SPDX-License-Identifier: BSD-2-Clause */
/* $target without -c or -p. */

BEGIN { exit($target); }
