/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The number at the beginning of a text: white space, a sign, in base 16 "0x", and
 * digits up to what is none.
 */
#include "routines/text.h"

enum { SPACE, DIGITS };

/* What a character is worth in a base, or more than any base. */
INLINE uint64_t digit_of(uint64_t c)
{
	uint64_t letter = c | 0x20;

	if (c - '0' < 10)
		return c - '0';
	return letter - 'a' < 26 ? letter - 'a' + 10 : 64;
}

/* "0x" and a digit begin here, in base 16. */
INLINE uint64_t has_prefix(const struct text_step *s, uint64_t i)
{
	return s->work->more == 16 && byte_at(s->text, i, s->mask) == '0' &&
	       (byte_at(s->text, i + 1, s->mask) | 0x20) == 'x' &&
	       digit_of(byte_at(s->text, i + 2, s->mask)) < 16;
}

/* n: the number; k: it is negative; more: the base */
PART long text_number_step(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c = byte_at(s->text, w->at, s->mask), digit;

	(void)i;
	w->at++;
	if (w->state == SPACE) {
		if (c == ' ' || (c >= '\t' && c <= '\r'))
			return 0;
		w->state = DIGITS;
		w->k = c == '-';
		if (c == '-' || c == '+')
			c = byte_at(s->text, w->at++, s->mask);
		if (has_prefix(s, w->at - 1)) {
			w->at += 2;
			c = byte_at(s->text, w->at - 1, s->mask);
		}
	}
	digit = digit_of(c);
	if (digit >= w->more)
		return 1;
	w->n = w->n * w->more + digit;
	return 0;
}

uint64_t text_number(struct text_work *work, const char *text, uint64_t base, uint64_t mask)
{
	struct text_step s = {.work = work, .text = text, .mask = mask};

	work->at = work->n = work->k = 0;
	work->state = SPACE;
	work->more = base;
	loop(mask, text_number_step, &s, 0);
	return work->k ? -work->n : work->n;
}
