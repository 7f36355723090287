/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: x = stack(); */
BEGIN { x = stack(); }
