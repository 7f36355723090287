/* SPDX-License-Identifier: BSD-2-Clause */
/* A macro argument that was not given. */

BEGIN { exit($1); }
