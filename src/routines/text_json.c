/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The value in a JSON text that a path leads to: names and indices, "a.b[2].c".
 * Where it stands is given, a string without its quotes and with its escapes as they
 * are.  What is no JSON up to there, and a path that leads nowhere, give no bytes.
 *
 * at: in the text; k: in the path, where the component that is looked for begins; of
 * an index, behind it.
 */
#include "routines/text.h"

enum {
	BEGIN,
	OBJECT, /* a name is next */
	NAME,
	NAME_ESCAPE,
	COLON,
	INDEX, /* the digits of the path */
	ELEMENT,
	VALUE,
	STRING,
	ESCAPE,
	UNICODE,
	NUMBER,
	WORD,
	NEST, /* in an object or array that is not looked into */
	NEST_STRING,
	NEST_ESCAPE,
	NEXT,
};

/* set[]: */
enum {
	OPENED,	 /* '{' or '[': what we are in */
	ON_PATH, /* the value is: an enum below; of a name: it agrees so far */
	LEFT,	 /* so many elements come before the one that is looked for */
	DEPTH,	 /* of NEST; of an index, its digits */
};

enum { OFF, ON, LAST };

INLINE long fails(struct text_work *w)
{
	w->n = 0;
	return 1;
}

INLINE uint64_t ends(uint64_t c)
{
	return !c || c == '.' || c == '[' || c == ']';
}

INLINE uint64_t is_space(uint64_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

INLINE uint64_t is_digit(uint64_t c)
{
	return c - '0' < 10;
}

INLINE uint64_t behind_dots(const struct text_step *s, uint64_t at)
{
	for (int i = 0; i < 2; i++) {
		uint64_t c = byte_at(s->other, at, s->mask);

		if (c && ends(c))
			at++;
	}
	return at;
}

/* The component of the path that ends here was found. */
INLINE void advance(struct text_step *s, uint64_t at)
{
	at = behind_dots(s, at);
	s->work->set[ON_PATH] = byte_at(s->other, at, s->mask) ? ON : LAST;
	s->work->k = at;
}

/* A value that is looked into. */
INLINE long descend(struct text_work *w, uint64_t c)
{
	w->set[OPENED] = c;
	w->set[LEFT] = w->set[DEPTH] = 0;
	if (c != '{' && c != '[')
		return fails(w);
	w->state = c == '{' ? OBJECT : INDEX;
	return 0;
}

/* A value ends before `end`. */
INLINE long value_ends(struct text_work *w, uint64_t end)
{
	w->state = NEXT;
	w->n = end - w->from;
	return w->set[ON_PATH] == LAST;
}

INLINE long begins_value(struct text_work *w, uint64_t c)
{
	if (w->set[ON_PATH] == ON)
		return descend(w, c);
	w->from = w->at - 1;
	w->more = 0;
	w->set[DEPTH] = 1;
	if (c == '"') {
		w->from = w->at;
		w->state = STRING;
	} else if (c == '{' || c == '[') {
		w->state = NEST;
	} else if (is_digit(c) || c == '-') {
		w->state = NUMBER;
	} else {
		/* the letters behind the first */
		w->more = c == 't'   ? 'r' | 'u' << 8 | 'e' << 16
			  : c == 'f' ? 'a' | 'l' << 8 | 's' << 16 | 'e' << 24
			  : c == 'n' ? 'u' | 'l' << 8 | 'l' << 16
				     : 0;
		w->state = WORD;
		if (!w->more)
			return fails(w);
	}
	return 0;
}

/* What may stand behind a number or a word, which ends then. */
INLINE long ends_scalar(struct text_work *w, uint64_t c)
{
	if (c != ',' && c != ']' && c != '}' && !is_space(c))
		return fails(w);
	w->at--;
	return value_ends(w, w->at);
}

/* more: 0 the digits before a point, 1 behind it, 2 an exponent begins, 3 its digits */
INLINE long in_number(struct text_work *w, uint64_t c)
{
	if (is_digit(c))
		w->more += w->more == 2;
	else if (c == '.' && w->more == 0)
		w->more = 1;
	else if ((c == 'e' || c == 'E') && w->more < 2)
		w->more = 2;
	else if ((c == '+' || c == '-') && w->more == 2)
		w->more = 3;
	else
		return ends_scalar(w, c);
	return 0;
}

INLINE long in_word(struct text_work *w, uint64_t c)
{
	if (!w->more)
		return ends_scalar(w, c);
	if (c != (w->more & 0xff))
		return fails(w);
	w->more >>= 8;
	return 0;
}

INLINE long in_string(struct text_work *w, uint64_t c)
{
	if (c == '"')
		return value_ends(w, w->at - 1);
	if (c == '\\')
		w->state = ESCAPE;
	return 0;
}

INLINE long in_escape(struct text_work *w, uint64_t c)
{
	w->state = c == 'u' ? UNICODE : STRING;
	w->more = 4;
	if (c != 'u' && c != '"' && c != '\\' && c != '/' && c != 'b' && c != 'f' && c != 'n' &&
	    c != 'r' && c != 't')
		return fails(w);
	return 0;
}

INLINE long in_unicode(struct text_work *w, uint64_t c)
{
	if (!is_digit(c) && (c | 0x20) - 'a' >= 6)
		return fails(w);
	w->more--;
	if (!w->more)
		w->state = STRING;
	return 0;
}

INLINE long in_nest(struct text_work *w, uint64_t c)
{
	if (c == '"')
		w->state = NEST_STRING;
	else if (c == '{' || c == '[')
		w->set[DEPTH]++;
	else if ((c == '}' || c == ']') && !--w->set[DEPTH])
		return value_ends(w, w->at);
	return 0;
}

INLINE long in_name(struct text_step *s, uint64_t c)
{
	struct text_work *w = s->work;
	uint64_t wanted = byte_at(s->other, w->more, s->mask);

	if (c == '"') {
		w->state = COLON;
		if (w->set[ON_PATH] && ends(wanted))
			advance(s, w->more);
		else
			w->set[ON_PATH] = OFF;
		return 0;
	}
	if (c == '\\')
		w->state = NAME_ESCAPE;
	if (c != wanted || ends(wanted))
		w->set[ON_PATH] = OFF;
	w->more++;
	return 0;
}

/* A digit of the path; the text stays where it is. */
INLINE long in_index(struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c = byte_at(s->other, w->k, s->mask);

	w->at--;
	if (is_digit(c) && w->set[DEPTH] < 9) {
		w->set[LEFT] = w->set[LEFT] * 10 + c - '0';
		w->set[DEPTH]++;
		w->k++;
		return 0;
	}
	w->state = ELEMENT;
	return !ends(c) || !w->set[DEPTH] ? fails(w) : 0;
}

INLINE long at_element(struct text_step *s, uint64_t c)
{
	struct text_work *w = s->work;

	if (c == ']')
		return fails(w);
	w->at--;
	w->state = VALUE;
	w->set[ON_PATH] = OFF;
	if (!w->set[LEFT])
		advance(s, w->k);
	return 0;
}

INLINE long at_next(struct text_work *w, uint64_t c)
{
	if (c != ',')
		return fails(w);
	w->state = w->set[OPENED] == '{' ? OBJECT : ELEMENT;
	w->set[LEFT]--;
	return 0;
}

INLINE long at_name(struct text_work *w, uint64_t c)
{
	w->state = NAME;
	w->more = w->k;
	w->set[ON_PATH] = ON;
	return c != '"' ? fails(w) : 0;
}

/* Between values. */
INLINE long outside(struct text_step *s, uint64_t c)
{
	struct text_work *w = s->work;

	if (is_space(c))
		return 0;
	switch (w->state) {
	case BEGIN:
		return descend(w, c);
	case OBJECT:
		return at_name(w, c);
	case COLON:
		w->state = VALUE;
		return c != ':' ? fails(w) : 0;
	case ELEMENT:
		return at_element(s, c);
	case VALUE:
		return begins_value(w, c);
	default:
		return at_next(w, c);
	}
}

PART long text_json_step(uint32_t i, struct text_step *s)
{
	struct text_work *w = s->work;
	uint64_t c = byte_at(s->text, w->at, s->mask);

	(void)i;
	w->at++;
	if (!c)
		return fails(w);
	switch (w->state) {
	case NAME:
		return in_name(s, c);
	case NAME_ESCAPE:
		w->state = NAME;
		w->set[ON_PATH] = OFF;
		return 0;
	case INDEX:
		return in_index(s);
	case STRING:
		return in_string(w, c);
	case ESCAPE:
		return in_escape(w, c);
	case UNICODE:
		return in_unicode(w, c);
	case NUMBER:
		return in_number(w, c);
	case WORD:
		return in_word(w, c);
	case NEST:
		return in_nest(w, c);
	case NEST_STRING:
		w->state = c == '"' ? NEST : c == '\\' ? NEST_ESCAPE : NEST_STRING;
		return 0;
	case NEST_ESCAPE:
		w->state = NEST_STRING;
		return 0;
	default:
		return outside(s, c);
	}
}

/* The value: work->n bytes from work->from on. */
void text_json(struct text_work *work, const char *text, const char *path, uint64_t mask)
{
	struct text_step s = {.work = work, .text = text, .other = path, .mask = mask};

	work->at = work->from = work->n = 0;
	work->state = BEGIN;
	work->k = behind_dots(&s, 0);
	loop(4 * mask, text_json_step, &s, 0);
}
