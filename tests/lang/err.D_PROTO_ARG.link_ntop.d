/* SPDX-License-Identifier: BSD-2-Clause */
/* The kind of hardware is a constant. */

BEGIN { trace(link_ntop(pid, 0)); }
