/* SPDX-License-Identifier: BSD-2-Clause */
/* stack() where the kernel shows none. */
udp:::send { stack(); }
