/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds a string in another, after Knuth, Morris and Pratt: never goes back in the
 * text, so its steps are at most twice the length.  Where it begins to look, and what
 * becomes of "", is Perl's: D's index() and rindex() are.
 *
 * table[k]: of the first k + 1 bytes of what is looked for, how many at their end
 * are also its beginning.
 */
#include "routines/text.h"

INLINE uint64_t shorter(const struct text_step *s, uint64_t k)
{
	return *(const uint16_t *)(s->to + ((k - 1) & s->mask) * 2);
}

INLINE void remember(const struct text_step *s, uint64_t at, uint64_t k)
{
	*(uint16_t *)(s->to + (at & s->mask) * 2) = (uint16_t)k;
}

PART long text_find_table(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c = byte_at(s->other, w->at, s->mask);

	(void)i;
	if (!c)
		return 1;
	if (c == byte_at(s->other, w->k, s->mask))
		remember(s, w->at++, ++w->k);
	else if (w->k)
		w->k = shorter(s, w->k);
	else
		remember(s, w->at++, 0);
	return 0;
}

/* more: where a match begins at the latest; the first will do if it may begin anywhere. */
PART long text_find_step(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c = byte_at(s->text, w->at, s->mask);

	(void)i;
	if (!c)
		return 1;
	if (c != byte_at(s->other, w->k, s->mask)) {
		if (w->k)
			w->k = shorter(s, w->k);
		else
			w->at++;
		return 0;
	}
	w->at++;
	w->k++;
	if (byte_at(s->other, w->k, s->mask))
		return 0;
	if (w->at - w->k > w->more)
		return 1;
	w->from = w->at - w->k;
	w->k = shorter(s, w->k);
	return w->more == TEXT_ANYWHERE;
}

INLINE uint64_t clamp(int64_t at, uint64_t length)
{
	if (at < 0)
		return 0;
	return (uint64_t)at > length ? length : (uint64_t)at;
}

INLINE uint64_t find(struct text_step *s, uint64_t from, uint64_t latest)
{
	struct text_work *w = s->work;

	w->at = 1;
	w->k = 0;
	remember(s, 0, 0);
	loop(2 * s->mask, text_find_table, s, 0);
	w->at = from;
	w->k = 0;
	w->from = TEXT_NOWHERE;
	w->more = latest;
	loop(2 * s->mask, text_find_step, s, 0);
	return w->from;
}

/*
 * state: 1: the last place, not behind more; 0: the first, not before it. n, k: the
 * lengths of text and what. table: two bytes for each of what.
 */
uint64_t text_find(struct text_work *work, const char *text, const char *what, char *table,
		   uint64_t mask)
{
	struct text_step s = {work, text, what, table, mask};
	int64_t at = (int64_t)work->more;

	if (!work->k)
		return clamp(at, work->n);
	if (work->state)
		return at < 0 ? TEXT_NOWHERE : find(&s, 0, (uint64_t)at);
	return find(&s, clamp(at, work->n), TEXT_ANYWHERE);
}
