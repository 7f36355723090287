/* SPDX-License-Identifier: BSD-2-Clause */
/* ~ of a string. */

BEGIN { x = ~"a"; }
