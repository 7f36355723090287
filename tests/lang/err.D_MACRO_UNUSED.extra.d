/* SPDX-License-Identifier: BSD-2-Clause */
/* An argument that the script does not use. */

BEGIN { exit($1); }
