/* SPDX-License-Identifier: BSD-2-Clause */
/* print() of nothing. */
BEGIN { print(); }
