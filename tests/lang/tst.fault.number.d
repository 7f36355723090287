/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault names its statement: numbered in the order of the text, an if before its arms. */
#pragma D option quiet

int zero, at[int];

BEGIN { zero = 0; if (1 / zero) { trace(1); } }
BEGIN { if (zero == 0) { trace(1); zero = 0; } else { trace(2); } trace(3 / zero); }
BEGIN { { zero = 0; } if (zero) trace(1); else { zero = 0; zero = 5 / zero; } }
BEGIN /1 / zero/ { trace(1); }
ERROR { printf("action %d\n", arg2); }
BEGIN { exit(0); }
