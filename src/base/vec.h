/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Growable arrays of any type, on the heap.
 *
 *	VEC(int) v = { 0 };
 *	vec_push(&v, 3);
 *	for (size_t i = 0; i < v.n; i++) use(v.at[i]);
 *	vec_free(&v);
 *
 * Running out of memory ends the process with a message.
 */
#pragma once

#include <stddef.h>

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *at;                                                                          \
		size_t n, cap;                                                                     \
	}

#define vec_push(v, ...)                                                                           \
	do {                                                                                       \
		if ((v)->n == (v)->cap)                                                            \
			(v)->at = vec_grow((v)->at, &(v)->cap, sizeof(*(v)->at));                  \
		(v)->at[(v)->n++] = __VA_ARGS__;                                                   \
	} while (0)

#define vec_last(v) ((v)->at[(v)->n - 1])
#define vec_free(v)                                                                                \
	do {                                                                                       \
		vec_release((v)->at);                                                              \
		(v)->at = NULL;                                                                    \
		(v)->n = (v)->cap = 0;                                                             \
	} while (0)

void *vec_grow(void *at, size_t *cap, size_t elem_size);
void vec_release(void *at);
