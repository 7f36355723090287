/* SPDX-License-Identifier: BSD-2-Clause */
/* An option with a bad value. */

#pragma D option bufsize=many
BEGIN { }
