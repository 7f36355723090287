/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: ustack(1, 2, 3); */
BEGIN { ustack(1, 2, 3); }
