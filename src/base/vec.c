/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory behind VEC: doubles, so pushing n elements costs O(n). */
#include "base/vec.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

void *vec_grow(void *at, size_t *cap, size_t elem_size)
{
	size_t bigger = *cap ? *cap * 2 : 8;

	if (bigger < *cap || bigger > SIZE_MAX / elem_size)
		at = NULL;
	else
		at = realloc(at, bigger * elem_size);
	if (!at) {
		fputs("dtrace: out of memory\n", stderr);
		abort();
	}
	*cap = bigger;
	return at;
}

void vec_release(void *at)
{
	free(at);
}
