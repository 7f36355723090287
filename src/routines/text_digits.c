/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A number as text, as lltostr() writes it: negative numbers have a sign in base
 * 10 only, "0" stands before base 8 and "0x" before base 16.
 */
#include "routines/text.h"

#define ROOM 128 /* of the text, which ends there */

INLINE void put(struct text_step *s, uint64_t c)
{
	s->work->at--;
	s->to[s->work->at & (ROOM - 1)] = (char)c;
}

/* state: the base; k: what is left of the number */
PART long text_digits_step(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t rest = w->k / w->state, digit = w->k - rest * w->state;

	(void)i;
	put(s, digit < 10 ? '0' + digit : 'a' - 10 + digit);
	w->k = rest;
	return !rest;
}

/* to: ROOM bytes and eight more; where in it the text begins. */
uint64_t text_digits(struct text_work *work, char *to, uint64_t number, uint64_t base)
{
	struct text_step s = {.work = work, .to = to};
	uint64_t negative = base == 10 && (int64_t)number < 0;

	to[ROOM - 1] = 0;
	work->at = ROOM - 1;
	work->k = negative ? -number : number;
	work->state = base;
	loop(64, text_digits_step, &s, 0);
	if (base == 16)
		put(&s, 'x');
	if (base == 16 || (base == 8 && number))
		put(&s, '0');
	if (negative)
		put(&s, '-');
	return work->at & (ROOM - 1);
}
