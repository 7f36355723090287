/* SPDX-License-Identifier: BSD-2-Clause */
/* raise() where packets pass, and any process runs. */
#pragma D option destructive
udp:::send { raise(9); }
