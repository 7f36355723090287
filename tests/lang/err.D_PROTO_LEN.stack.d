/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: stack(1, 2); */
BEGIN { stack(1, 2); }
