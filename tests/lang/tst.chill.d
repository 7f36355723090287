/* SPDX-License-Identifier: BSD-2-Clause */
/* chill: not more than half a second, not less than nothing; a fault ends the clause. */
#pragma D option quiet
#pragma D option destructive

BEGIN { chill(0); chill(1000); printf("short\n"); }
BEGIN { chill(500000001); printf("never\n"); }
BEGIN { chill(-1); printf("never\n"); }
BEGIN { exit(0); }
ERROR { printf("%d\n", arg4); }
