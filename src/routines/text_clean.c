/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A path without what leads nowhere: "/./", "//", and "/../" with the component
 * before it.  As DTrace's cleanpath() it looks at the text alone, and only at what
 * stands behind a slash.
 */
#include "routines/text.h"

/* What has been read and not been written. */
enum { NOTHING, SLASH, DOT, DOTS, BACK };

INLINE void put(struct text_step *s, uint64_t c)
{
	s->to[s->work->n++ & s->mask] = (char)c;
}

/* It was no component to leave out: it is written, and the character behind it. */
INLINE long keep(struct text_step *s, uint64_t dots, uint64_t c)
{
	put(s, '/');
	if (dots > 0)
		put(s, '.');
	if (dots > 1)
		put(s, '.');
	if (c)
		put(s, c);
	s->work->state = NOTHING;
	return !c;
}

/* Up to the slash before the last component; more: the character behind "/..". */
INLINE long back(struct text_step *s)
{
	struct text_work *w = s->work;

	if (w->n && byte_at(s->to, --w->n, s->mask) != '/' && w->n)
		return 0;
	w->state = SLASH;
	if (w->more)
		return 0;
	if (!byte_at(s->to, 0, s->mask))
		s->to[0] = '/';
	w->n++;
	return 1;
}

PART long text_clean_step(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c, state = w->state;

	(void)i;
	if (state == BACK)
		return back(s);
	c = byte_at(s->text, w->at++, s->mask);
	if (state == NOTHING && c != '/') {
		if (c)
			put(s, c);
		return !c;
	}
	if (state != DOTS && c == '/') {
		w->state = SLASH;
	} else if (state == SLASH && c == '.') {
		w->state = DOT;
	} else if (state == DOT && c == '.') {
		w->state = DOTS;
	} else if (state == DOTS && (!c || c == '/')) {
		w->state = BACK;
		w->more = c;
	} else {
		return keep(s, state - SLASH, c);
	}
	return 0;
}

/* to: as long as the text, all 0; work->n bytes of it are the path. */
void text_clean(struct text_work *work, const char *text, char *to, uint64_t mask)
{
	struct text_step s = {.work = work, .text = text, .to = to, .mask = mask};

	work->n = work->at = work->more = 0;
	work->state = NOTHING;
	loop(2 * mask + 8, text_clean_step, &s, 0);
}
