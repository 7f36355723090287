/* SPDX-License-Identifier: BSD-2-Clause */
/* exit() wakes the consumer and ends the clause. */
BEGIN { exit(0); trace(1); }
