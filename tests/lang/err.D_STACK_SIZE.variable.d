/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: x = 3; stack(x); */
BEGIN { x = 3; stack(x); }
