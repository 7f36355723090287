/* SPDX-License-Identifier: BSD-2-Clause */
/* specsize is no negative number. */
#pragma D option specsize=-1
BEGIN { exit(0); }
