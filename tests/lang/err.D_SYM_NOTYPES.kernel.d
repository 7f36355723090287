/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable of the kernel. */

BEGIN { x = `jiffies; }
