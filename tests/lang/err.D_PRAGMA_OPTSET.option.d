/* SPDX-License-Identifier: BSD-2-Clause */
/* An unknown option. */

#pragma D option nosuch=5
BEGIN { }
