/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: sym("x"); */
BEGIN { sym("x"); }
