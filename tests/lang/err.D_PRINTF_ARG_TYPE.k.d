/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: printf("%k", 1); */
BEGIN { printf("%k", 1); }
