/* SPDX-License-Identifier: BSD-2-Clause */
/* copyoutstr() without -w. */
BEGIN { copyoutstr("x", 1, 1); }
