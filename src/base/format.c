/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formats of printf() and printa(), taken apart. The table of conversions is
 * the only place that says which letters exist and what they take.
 */
#include "base/format.h"

#include <stdint.h>
#include <string.h>

/* A width a terminal can't have is a mistake, and one that would make the report allocate without
 * end. */
#define FORMAT_POINTER_WIDTH 16

// clang-format off
static const struct conversion {
	char letter;
	enum format_takes takes;
	bool can_agg, can_wide;
} conversions[] = {
	{ '%', FORMAT_NOTHING, false, false },
	{ 'A', FORMAT_NUMBER,  false, false },
	{ 'C', FORMAT_INTEGER, false, false },
	{ 'E', FORMAT_FLOAT,   true,  false },
	{ 'G', FORMAT_FLOAT,   true,  false },
	{ 'I', FORMAT_STRING,  false, false },
	{ 'P', FORMAT_INTEGER, false, false },
	{ 'S', FORMAT_STRING,  false, false },
	{ 'T', FORMAT_INTEGER, true,  false },
	{ 'X', FORMAT_NUMBER,  true,  false },
	{ 'Y', FORMAT_INTEGER, true,  false },
	{ 'a', FORMAT_NUMBER,  false, false },
	{ 'c', FORMAT_INTEGER, false, true  },
	{ 'd', FORMAT_INTEGER, true,  false },
	{ 'e', FORMAT_FLOAT,   true,  false },
	{ 'f', FORMAT_FLOAT,   true,  false },
	{ 'g', FORMAT_FLOAT,   true,  false },
	{ 'i', FORMAT_INTEGER, true,  false },
	{ 'k', FORMAT_STACK,   false, false },
	{ 'o', FORMAT_INTEGER, true,  false },
	{ 'p', FORMAT_NUMBER,  true,  false },
	{ 's', FORMAT_STRING,  false, true  },
	{ 'u', FORMAT_INTEGER, true,  false },
	{ 'x', FORMAT_NUMBER,  true,  false },
};

static const struct {
	char c;
	unsigned flag;
} flag_chars[] = {
	{ '-', FORMAT_LEFT }, { '+', FORMAT_PLUS }, { '0', FORMAT_ZERO },
	{ '#', FORMAT_ALT }, { ' ', FORMAT_SPACE }, { '\'', FORMAT_GROUP },
};
// clang-format on

static const struct conversion *conversion_find(char letter)
{
	for (size_t i = 0; i < sizeof(conversions) / sizeof(*conversions); i++)
		if (conversions[i].letter == letter)
			return &conversions[i];
	return NULL;
}

static unsigned flag_find(char c)
{
	for (size_t i = 0; i < sizeof(flag_chars) / sizeof(*flag_chars); i++)
		if (flag_chars[i].c == c)
			return flag_chars[i].flag;
	return 0;
}

/* Digits at *p; -1 and *p unmoved without any. Too large a number stays too large. */
static int read_number(const char **p)
{
	int n = -1;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		n = (n < 0 ? 0 : n) * 10 + (**p - '0');
		if (n > FORMAT_WIDTH_MAX)
			n = FORMAT_WIDTH_MAX + 1;
	}
	return n;
}

/* Flags, '@' and '?' may stand in any order before the width; '@' behind it too. */
static const char *read_flags(const char *p, struct format_conv *c)
{
	for (;; p++) {
		unsigned flag = flag_find(*p);

		if (flag)
			c->flags |= flag;
		else if (*p == '@')
			c->is_agg = true;
		else if (*p == '?')
			c->width = FORMAT_POINTER_WIDTH;
		else
			return p;
	}
}

static const char *read_width(const char *p, struct format_conv *c)
{
	int n;

	if (*p == '*') {
		c->width_star = true;
		p++;
	} else if ((n = read_number(&p)) >= 0) {
		c->width = n;
	}
	if (*p != '.')
		return p;
	p++;
	if (*p == '*') {
		c->prec_star = true;
		p++;
	} else {
		n = read_number(&p);
		c->prec = n < 0 ? 0 : n;
	}
	return p;
}

static const char *read_length(const char *p, struct format_conv *c)
{
	while (*p == 'h' || *p == 'l' || *p == 'L')
		p++;
	if (*p == 'w') {
		c->wide = true;
		p++;
	}
	return p;
}

/* One conversion, *pp behind its '%'. False with *why. */
static bool read_conv(struct arena *a, const char **pp, struct format_conv *c, const char **why)
{
	const char *start = *pp, *p = start;
	const struct conversion *k;

	c->width = c->prec = -1;
	p = read_flags(p, c);
	p = read_width(p, c);
	if (*p == '@') {
		c->is_agg = true;
		p++;
	}
	p = read_length(p, c);
	if (!*p) {
		*why = arena_printf(a, "format ends within the conversion \"%%%s\"", start);
		return false;
	}
	k = conversion_find(*p);
	if (!k || (c->wide && !k->can_wide)) {
		*why = arena_printf(a, "unknown conversion \"%%%.*s\"", (int)(p - start + 1),
				    start);
		return false;
	}
	if (c->is_agg && !k->can_agg) {
		*why = arena_printf(a, "conversion \"%%%.*s\" can't print an aggregation",
				    (int)(p - start + 1), start);
		return false;
	}
	if (c->width > FORMAT_WIDTH_MAX || c->prec > FORMAT_WIDTH_MAX) {
		*why = arena_printf(a, "width or precision of \"%%%.*s\" is more than %d",
				    (int)(p - start + 1), start, FORMAT_WIDTH_MAX);
		return false;
	}
	c->letter = *p;
	c->takes = k->takes;
	*pp = p + 1;
	return true;
}

struct format *format_parse(struct arena *a, const char *text, const char **why)
{
	struct format *f = ARENA_NEW(a, struct format);
	const char *p = text;
	int max = 1;

	for (const char *q = text; (q = strchr(q, '%')); q++)
		max++;
	f->convs = arena_alloc(a, (size_t)max * sizeof(*f->convs));
	while (*p) {
		struct format_conv *c = &f->convs[f->nconvs++];
		size_t n = strcspn(p, "%");

		c->text = p;
		c->text_len = (int)n;
		c->width = c->prec = -1;
		p += n;
		if (!*p)
			break;
		p++;
		if (!read_conv(a, &p, c, why))
			return NULL;
	}
	return f;
}

const char *format_conv_text(struct arena *a, const struct format *f, int conv)
{
	const struct format_conv *c = &f->convs[conv];
	const char *start = c->text + c->text_len, *end = start + 1;

	end += strspn(end, "-+0# '@?*.123456789hlLw");
	return arena_strndup(a, start, (size_t)(end - start) + (*end != '\0'));
}
