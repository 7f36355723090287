/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: printf("%d", sym(0)); */
BEGIN { printf("%d", sym(0)); }
