/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: printf("%d", stack()); */
BEGIN { printf("%d", stack()); }
