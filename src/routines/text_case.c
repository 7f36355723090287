/* SPDX-License-Identifier: BSD-2-Clause */
/* Letters of ASCII to upper or lower case, eight bytes at a time. */
#include "routines/text.h"

#define EACH(byte) ((byte)*0x0101010101010101ull)

/* more: one below the first letter of the case to change, in each byte. */
PART long text_case_step(uint32_t i, struct text_step *s)
{
	uint64_t *at = (uint64_t *)(s->to + ((uint64_t)i * 8 & s->mask)), word = *at;
	uint64_t ascii = ~word & EACH(0x80), low = word & EACH(0x7f);
	/* bit 7 of a byte: it is behind the last letter; it is not before the first */
	uint64_t behind = low + s->work->more, before = low + s->work->state;

	*at = word ^ ((before ^ behind) & ascii) >> 2;
	return 0;
}

/* Changes size bytes in place. upper: to upper case, else to lower. */
void text_case(struct text_work *work, char *text, uint64_t size, uint64_t upper, uint64_t mask)
{
	struct text_step s = {.work = work, .to = text, .mask = mask};
	uint64_t first = upper ? 'a' : 'A';

	work->state = EACH(0x80 - first);
	work->more = EACH(0x80 - first - 26);
	loop(size / 8, text_case_step, &s, 0);
}
