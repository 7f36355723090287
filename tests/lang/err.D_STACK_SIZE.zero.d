/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: stack(0); */
BEGIN { stack(0); }
