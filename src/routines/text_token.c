/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The next token of a text: what stands from work->at on between characters of a
 * set.  There is none: at is TEXT_NOWHERE then.
 */
#include "routines/text.h"

PART long text_token_set(uint32_t i, struct text_step *s)
{
	uint64_t c = byte_at(s->other, i, s->mask);

	if (!c)
		return 1;
	s->work->set[c >> 6] |= 1ull << (c & 63);
	return 0;
}

INLINE uint64_t in_set(const struct text_work *w, uint64_t c)
{
	return w->set[c >> 6 & 3] >> (c & 63) & 1;
}

PART long text_token_skip(uint32_t i, struct text_step *s)
{
	uint64_t c = byte_at(s->text, s->work->at, s->mask);

	(void)i;
	if (!c || !in_set(s->work, c))
		return 1;
	s->work->at++;
	return 0;
}

PART long text_token_step(uint32_t i, struct text_step *s)
{
	uint64_t c = byte_at(s->text, s->work->at, s->mask);

	(void)i;
	if (!c || in_set(s->work, c))
		return 1;
	s->work->at++;
	return 0;
}

void text_token(struct text_work *work, const char *text, const char *set, uint64_t mask)
{
	struct text_step s = {.work = work, .text = text, .other = set, .mask = mask};

	work->set[0] = work->set[1] = work->set[2] = work->set[3] = 0;
	loop(mask, text_token_set, &s, 0);
	loop(mask, text_token_skip, &s, 0);
	work->from = work->at;
	loop(mask, text_token_step, &s, 0);
	work->n = work->at - work->from;
	if (!work->n)
		work->at = TEXT_NOWHERE;
}
