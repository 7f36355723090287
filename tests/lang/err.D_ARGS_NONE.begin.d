/* SPDX-License-Identifier: BSD-2-Clause */
/* args[] in a probe that has none. */

BEGIN { x = args[0]; }
