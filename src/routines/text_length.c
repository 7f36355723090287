/* SPDX-License-Identifier: BSD-2-Clause */
/* The length of a string, eight bytes at a time. */
#include "routines/text.h"

#define EACH(byte) ((byte)*0x0101010101010101ull)

/* The lowest set bit is that of the first byte that is 0. */
INLINE uint64_t zero_bytes(uint64_t word)
{
	return (word - EACH(1)) & ~word & EACH(0x80);
}

/* How many bytes lie below that of the lowest bit. */
INLINE uint64_t bytes_below(uint64_t zero)
{
	return (((zero - 1) & ~zero) >> 7 & EACH(1)) * EACH(1) >> 56;
}

PART long text_length_step(uint32_t i, struct text_step *s)
{
	uint64_t zero = zero_bytes(word_at(s->text, (uint64_t)i * 8, s->mask));

	if (!zero)
		return 0;
	s->work->n = (uint64_t)i * 8 + bytes_below(zero);
	return 1;
}

uint64_t text_length(struct text_work *work, const char *text, uint64_t mask)
{
	struct text_step s = {.work = work, .text = text, .mask = mask};

	work->n = mask;
	loop((mask + 1) / 8, text_length_step, &s, 0);
	return work->n;
}
