/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Diagnostics: an array of errors in the order they were found.  Everything is
 * formatted when it is added; only printing reads the source again, for the
 * line and the caret.  What a text may bring of control characters never
 * reaches the terminal.
 */
#include "base/diag.h"

#include <string.h>

#include "base/buf.h"

#define MAX_SHOWN 20	  /* errors printed before the rest is counted */
#define WINDOW 76	  /* columns shown of a source line */
#define WINDOW_LEFT 50	  /* of these, at most so many left of the caret */
#define MAX_SPECIFIER 120 /* bytes of -n text repeated in a message */

struct hint {
	const char *text;
	struct hint *next;
};

struct error {
	struct loc at;
	const char *tag, *text;
	struct hint *hints, **hints_tail;
};

struct diag {
	struct arena *arena;
	struct error **errors; /* grown by doubling in the arena */
	int n, cap;
};

struct diag *diag_new(struct arena *a)
{
	struct diag *d = ARENA_NEW(a, struct diag);

	d->arena = a;
	return d;
}

static void add(struct diag *d, struct error *e)
{
	if (d->n == d->cap) {
		struct error **old = d->errors;

		d->cap = d->cap ? 2 * d->cap : 16;
		d->errors = arena_alloc(d->arena, (size_t)d->cap * sizeof(*d->errors));
		if (d->n)
			memcpy(d->errors, old, (size_t)d->n * sizeof(*old));
	}
	d->errors[d->n++] = e;
}

void diag_error(struct diag *d, struct loc at, const char *tag, const char *fmt, ...)
{
	struct error *e = ARENA_NEW(d->arena, struct error);
	va_list ap;

	va_start(ap, fmt);
	e->text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	e->at = at;
	e->tag = tag;
	e->hints_tail = &e->hints;
	add(d, e);
}

void diag_hint(struct diag *d, const char *fmt, ...)
{
	struct hint *h;
	struct error *e;
	va_list ap;

	if (!d->n)
		return;
	e = d->errors[d->n - 1];
	h = ARENA_NEW(d->arena, struct hint);
	va_start(ap, fmt);
	h->text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	*e->hints_tail = h;
	e->hints_tail = &h->next;
}

bool diag_failed(const struct diag *d)
{
	return d->n > 0;
}

int diag_count(const struct diag *d)
{
	return d->n;
}

bool diag_is_long(const struct diag *d)
{
	return d->n >= 5 * MAX_SHOWN; /* some will be repeated ones */
}

void diag_rewind(struct diag *d, int mark)
{
	if (mark < d->n)
		d->n = mark;
}

void diag_move(struct diag *to, struct diag *from)
{
	for (int i = 0; i < from->n; i++)
		add(to, from->errors[i]);
	from->n = 0;
}

static bool is_continuation(char c) /* of a UTF-8 sequence */
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static void add_clean(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		buf_putc(b, c == '\t' || (c >= ' ' && c != 0x7f) ? s[i] : '?');
	}
}

/* The text of -n on one line, cut. */
static void add_specifier(struct buf *b, const char *s)
{
	size_t n = strlen(s), cut = n;

	while (cut && strchr(" \t\r\n", s[cut - 1]))
		n = --cut;
	if (n > MAX_SPECIFIER) {
		cut = MAX_SPECIFIER;
		while (cut && is_continuation(s[cut]))
			cut--;
	}
	for (size_t i = 0; i < cut; i++) {
		unsigned char c = (unsigned char)s[i];

		buf_putc(b, c < ' ' || c == 0x7f ? ' ' : s[i]);
	}
	if (cut < n)
		buf_puts(b, "...");
}

/* The bounds of a line of a source; false if it has no such line. */
static bool find_line(const struct source *src, int line, const char **from, const char **to)
{
	const char *p = src->text, *end, *nl;
	int at = src->first_line ? src->first_line : 1;

	if (!p || line < at)
		return false;
	end = p + src->len;
	for (;; at++, p = nl + 1) {
		nl = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
		if (at == line)
			break;
		if (!nl)
			return false;
	}
	*from = p;
	*to = nl ? nl : end;
	if (*to > p && (*to)[-1] == '\r')
		--*to;
	return true;
}

/* The source line, cut to a window round the caret if it is long, and the caret. */
static void add_source_line(struct buf *b, struct loc at)
{
	const char *from, *to, *mark, *left, *right;

	if (at.line <= 0 || at.col <= 0 || !find_line(at.source, at.line, &from, &to) || from == to)
		return;
	mark = to - from < at.col - 1 ? to : from + at.col - 1;
	left = from;
	right = to;
	if (to - from > WINDOW) {
		if (mark - from > WINDOW_LEFT)
			left = mark - WINDOW_LEFT;
		if (right - left > WINDOW)
			right = left + WINDOW;
		else
			left = right - WINDOW;
		while (left < mark && is_continuation(*left))
			left++;
		while (right < to && right > mark && is_continuation(*right))
			right--;
	}
	buf_putc(b, '\t');
	add_clean(b, left, (size_t)(right - left));
	buf_puts(b, "\n\t");
	for (; left < mark; left++)
		if (*left == '\t')
			buf_putc(b, '\t');
		else if (!is_continuation(*left))
			buf_putc(b, ' ');
	buf_puts(b, "^\n");
}

static void add_error(struct buf *b, const struct error *e, bool with_tags)
{
	const struct source *src = e->at.source;

	buf_puts(b, "dtrace: ");
	if (src && !src->is_file && !src->is_library) {
		buf_puts(b, "invalid probe specifier ");
		add_specifier(b, src->name ? src->name : "");
		buf_puts(b, ": ");
	} else if (src) {
		buf_printf(b, "failed to compile %s %s: ", src->is_library ? "library" : "script",
			   src->name ? src->name : "");
	}
	if (with_tags && e->tag)
		buf_printf(b, "[%s] ", e->tag);
	if (src && (src->is_file || src->is_library) && e->at.line > 0)
		buf_printf(b, "line %d: ", e->at.line);
	add_clean(b, e->text, strlen(e->text));
	buf_putc(b, '\n');
	if (src)
		add_source_line(b, e->at);
	for (const struct hint *h = e->hints; h; h = h->next) {
		buf_puts(b, "hint: ");
		add_clean(b, h->text, strlen(h->text));
		buf_putc(b, '\n');
	}
}

/* A clause that is checked once for each kind of probe gives the same error each time. */
static bool repeats(struct error *const *shown, int n, const struct error *e)
{
	for (int i = 0; i < n; i++)
		if (shown[i]->at.source == e->at.source && shown[i]->at.line == e->at.line &&
		    shown[i]->at.col == e->at.col && strcmp(shown[i]->text, e->text) == 0)
			return true;
	return false;
}

void diag_print(const struct diag *d, bool with_tags, FILE *out)
{
	struct error *shown[MAX_SHOWN];
	int nshown = 0, more = 0;
	struct buf b = {0};

	for (int i = 0; i < d->n; i++) {
		if (repeats(shown, nshown, d->errors[i]))
			continue;
		if (nshown == MAX_SHOWN) {
			more++;
			continue;
		}
		shown[nshown++] = d->errors[i];
		add_error(&b, d->errors[i], with_tags);
	}
	if (more)
		buf_printf(&b, "dtrace: %d more error%s\n", more, more == 1 ? "" : "s");
	fputs(buf_str(&b), out);
	buf_free(&b);
}
