/* SPDX-License-Identifier: BSD-2-Clause */
/* One clause that uses 60 thread-local variables. */
#include "repeat.d"

#define V(n) self->v##n
#define ALL(X) TEN(X, 1) TEN(X, 2) TEN(X, 3) TEN(X, 4) TEN(X, 5) TEN(X, 6)
#define KEYS(K) FIVES(K, 1) FIVES(K, 2) FIVES(K, 3) FIVES(K, 4) FIVES(K, 5) FIVES(K, 6)

#include "reads.d"
