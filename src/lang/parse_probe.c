/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Probe descriptions: provider:module:function:name, filled from the right when
 * there are fewer fields; -P, -m and -f name the field that the last one is.
 * An integer alone is a probe's id.
 */
#include <ctype.h>
#include <string.h>

#include "lang/parser.h"

#define MAX_FIELDS 4

static bool is_integer(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if (!isdigit((unsigned char)*s))
			return false;
	return true;
}

static const char *field_name(enum parse_as as)
{
	static const char *const names[] = {
		[PARSE_PROVIDER] = "a provider (-P)",
		[PARSE_MODULE] = "a module (-m)",
		[PARSE_FUNCTION] = "a function (-f)",
	};

	return names[as];
}

static void fill_id(struct parser *p, struct probe_desc *d, const struct token *t)
{
	uint64_t id = 0;

	for (const char *c = t->text; *c; c++) {
		id = id * 10 + (uint64_t)(*c - '0');
		if (id > UINT32_MAX)
			break;
	}
	if (id == 0 || id > UINT32_MAX)
		parser_error(p, t->loc, "D_PDESC_INVAL", "%.40s is not a valid probe id", t->text);
	else
		d->id = (uint32_t)id;
}

/* field [ : field ]*, the last of which is field number last (0: provider ... 3: name) */
static void fill_fields(struct parser *p, struct probe_desc *d, const struct token *t, int last)
{
	const char *fields[MAX_FIELDS] = {"", "", "", ""};
	const char *end = t->text + t->length, *from;
	int at = last;

	for (;; end = from - 1, at--) {
		for (from = end; from > t->text && from[-1] != ':';)
			from--;
		if (at < 0) {
			if (last == MAX_FIELDS - 1)
				parser_error(
					p, t->loc, "D_PDESC_INVAL",
					"probe description has more than four fields (provider:module:function:name)");
			else
				parser_error(p, t->loc, "D_PDESC_INVAL",
					     "probe description has more fields than %s takes",
					     field_name(p->as));
			return;
		}
		fields[at] = arena_strndup(p->s->arena, from, (size_t)(end - from));
		if (from == t->text)
			break;
	}
	d->provider = fields[0];
	d->module = fields[1];
	d->function = fields[2];
	d->name = fields[3];
}

static void fill_desc(struct parser *p, struct probe_desc *d, const struct token *t)
{
	bool named = p->as == PARSE_PROGRAM || p->as == PARSE_NAME;

	if (is_integer(t->text) && (named || p->as == PARSE_ID)) {
		fill_id(p, d, t);
		return;
	}
	if (p->as == PARSE_ID) {
		parser_error(p, t->loc, "D_PDESC_INVAL",
			     "expected a probe id (an integer), found '%.60s'", t->text);
		return;
	}
	fill_fields(p, d, t,
		    p->as == PARSE_PROVIDER   ? 0
		    : p->as == PARSE_MODULE   ? 1
		    : p->as == PARSE_FUNCTION ? 2
					      : 3);
	if (named && (strcmp(t->text, "BEGIN") == 0 || strcmp(t->text, "END") == 0 ||
		      strcmp(t->text, "ERROR") == 0))
		d->provider = "dtrace";
}

/* descriptions: description [ , description ]* ; leaves the lexer behind the last one */
struct probe_desc *parse_probe_descs(struct parser *p)
{
	struct probe_desc *first = NULL, **tail = &first, *d;
	struct token t;
	const char *at;

	do {
		lexer_skip(&p->lx);
		if (!lexer_probe(&p->lx, &t)) {
			parser_next(p);
			parser_expected(p, first ? "a probe description after ','"
						 : "a probe description or a declaration");
			return first;
		}
		d = ARENA_NEW(p->s->arena, struct probe_desc);
		d->loc = t.loc;
		d->text = arena_strndup(p->s->arena, t.start, t.raw_length);
		d->provider = d->module = d->function = d->name = "";
		p->tok = t;
		fill_desc(p, d, &t);
		*tail = d;
		tail = &d->next;
		at = lexer_skip(&p->lx);
		if (parser_failed(p))
			return first;
	} while (at < p->lx.end && *at == ',' && ++p->lx.at);
	return first;
}
