/* SPDX-License-Identifier: BSD-2-Clause */
/* One clause that uses 30 thread-local variables. */
#include "repeat.d"

#define V(n) self->v##n
#define ALL(X) TEN(X, 1) TEN(X, 2) TEN(X, 3)
#define KEYS(K) FIVES(K, 1) FIVES(K, 2) FIVES(K, 3)

#include "reads.d"
