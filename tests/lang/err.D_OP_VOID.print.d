/* SPDX-License-Identifier: BSD-2-Clause */
/* print() of what has no value. */
BEGIN { print((void)1); }
