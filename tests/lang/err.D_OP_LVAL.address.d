/* SPDX-License-Identifier: BSD-2-Clause */
/* The address of a built-in variable. */

BEGIN { y = &timestamp; }
