/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: x = sym(1) == sym(2); */
BEGIN { x = sym(1) == sym(2); }
