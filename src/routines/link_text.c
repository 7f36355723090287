/* SPDX-License-Identifier: BSD-2-Clause */
/* A hardware address as text: two digits for each byte, "02:08:20:ac:04:0e". */
#include "routines/text.h"

INLINE uint64_t digit(uint64_t x)
{
	return x < 10 ? '0' + x : 'a' - 10 + x;
}

PART long link_text_step(uint32_t i, struct text_step *s)
{
	uint64_t c = byte_at(s->text, i, s->mask), at = (uint64_t)i * 3;

	if (i)
		s->to[(at - 1) & s->mask] = ':';
	s->to[at & s->mask] = (char)digit(c >> 4);
	s->to[(at + 1) & s->mask] = (char)digit(c & 15);
	return 0;
}

/* to: all 0. */
void link_text(const char *address, uint64_t length, char *to, uint64_t mask)
{
	struct text_step s = {.text = address, .to = to, .mask = mask};

	loop(length, link_text_step, &s, 0);
}
