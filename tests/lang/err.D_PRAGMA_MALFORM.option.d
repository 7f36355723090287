/* SPDX-License-Identifier: BSD-2-Clause */
/* An option without a name. */

#pragma D option
BEGIN { }
