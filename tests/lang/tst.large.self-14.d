/* SPDX-License-Identifier: BSD-2-Clause */
/* One clause that uses 14 thread-local variables. */
#include "repeat.d"

#define V(n) self->v##n
#define ALL(X) TEN(X, 1) X(20) X(21) X(22) X(23)
#define KEYS(K) K(10, 11, 12, 13, 14) K(15, 16, 17, 18, 19) K(20, 21, 22, 23, 10)

#include "reads.d"
