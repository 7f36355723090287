/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks and symbols: jstack(0); */
BEGIN { jstack(0); }
