/* SPDX-License-Identifier: BSD-2-Clause */
/* A variable of the kernel whose type nothing says. */

BEGIN { x = `__start_BTF; }
