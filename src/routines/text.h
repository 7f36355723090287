/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routines that look at strings, and what calls them (emit/compute.c).
 *
 * A string is bytes in memory up to its NUL, and may be read up to mask + 8 bytes
 * from its start: mask is a power of two less one and no string is longer, so an
 * index is made harmless by & mask.  What changes from step to step lies in struct
 * text_work, in the value of a map: of that the verifier knows nothing, so one
 * step is to it like the next, and it looks at a loop once, however long.
 */
#pragma once

#include <stdint.h>

struct text_work {
	uint64_t from, n; /* what was found: where, and how many bytes */
	uint64_t at, k;	  /* where the routine is */
	uint64_t state, more;
	uint64_t set[4]; /* of characters */
};

#define TEXT_NOWHERE (~0ull) /* work.from: not found */

#define TEXT_ANYWHERE (~0ull >> 1)

#ifdef __bpf__
#define INLINE static inline __attribute__((always_inline)) /* one function, nothing to link */
/* A function that a helper calls back: it goes along with the routine. */
#define PART __attribute__((visibility("hidden")))

/* What one step of a loop is given. */
struct text_step {
	struct text_work *work;
	const char *text, *other;
	char *to;
	uint64_t mask;
};

/* Up to n steps, until one gives 1. The kernel's number of the helper. */
static long (*const loop)(uint64_t n, long (*step)(uint32_t i, struct text_step *s),
			  struct text_step *s, uint64_t flags) = (void *)181;

INLINE uint64_t byte_at(const char *text, uint64_t i, uint64_t mask)
{
	return (uint8_t)text[i & mask];
}

INLINE uint64_t word_at(const char *text, uint64_t i, uint64_t mask)
{
	return *(const uint64_t *)(text + (i & mask));
}
#endif
