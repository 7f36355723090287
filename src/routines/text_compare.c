/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares strings that are NUL-padded to a multiple of eight bytes. */
#include "routines/text.h"

PART long text_compare_step(uint32_t i, struct text_step *s)
{
	uint64_t a = word_at(s->text, (uint64_t)i * 8, s->mask),
		 b = word_at(s->other, (uint64_t)i * 8, s->mask);

	if (a == b)
		return 0;
	s->work->n = __builtin_bswap64(a);
	s->work->k = __builtin_bswap64(b);
	return 1;
}

/* Below, equal to or above 0, as a is below, equal to or above b. */
uint64_t text_compare(struct text_work *work, const char *a, const char *b, uint64_t size,
		      uint64_t mask)
{
	struct text_step s = {.work = work, .text = a, .other = b, .mask = mask};

	work->n = work->k = 0;
	loop(size / 8, text_compare_step, &s, 0);
	return (uint64_t)(work->n > work->k) - (work->n < work->k);
}
