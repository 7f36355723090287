/* SPDX-License-Identifier: BSD-2-Clause */
/* ftruncate() takes nothing. */
BEGIN { ftruncate("x"); }
