/* SPDX-License-Identifier: BSD-2-Clause */
/* An inline with the wrong number of arguments. */

inline int F[int a, int b] = a + b;
BEGIN { x = F[1]; }
