/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines that begin with #: pragmas, line numbers (also in the form that the C
 * preprocessor writes), #error, #ident, and #! lines, which are passed wherever
 * they stand.  The lexer stands at the # and stands at the newline afterwards.
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "lang/lexer.h"

struct directive {
	struct lexer *lx;
	struct loc loc;	      /* of the # */
	const char *at, *end; /* what is left of the line, without trailing blanks */
	bool of_d;	      /* #pragma D ... */
};

static void skip_blanks(struct directive *d)
{
	while (d->at < d->end && lexer_is_blank(*d->at))
		d->at++;
	if (d->end - d->at >= 2 && d->at[0] == '/' && (d->at[1] == '*' || d->at[1] == '/'))
		d->at = d->end; /* a comment; the ones of directives are closed on their line */
}

static const char *word(struct directive *d, const char *stops)
{
	const char *from;

	skip_blanks(d);
	for (from = d->at;
	     d->at < d->end && !lexer_is_blank(*d->at) && !(*d->at && strchr(stops, *d->at));)
		d->at++;
	return arena_strndup(d->lx->script->arena, from, (size_t)(d->at - from));
}

/* The one option that the rest of the text is read by: what $n means if it was not given. */
static void apply_defaultargs(struct script *s, const struct pragma_option *o)
{
	char why[128]; /* is told where all options of the text are set */

	if (s->macros && s->macros->options && !strcmp(o->name, "defaultargs"))
		options_set(s->macros->options, o->name, o->value, why, sizeof(why));
}

/* name or name=value, the value perhaps in quotes */
static void pragma_option(struct directive *d)
{
	struct script *s = d->lx->script;
	struct pragma_option *o = ARENA_NEW(s->arena, struct pragma_option);

	skip_blanks(d);
	o->loc = lexer_loc(d->lx, d->at);
	o->name = word(d, "=");
	skip_blanks(d);
	if (d->at < d->end && *d->at == '=') {
		d->at++;
		skip_blanks(d);
		if (d->at < d->end && *d->at == '"') {
			d->at++;
			const char *from = d->at,
				   *quote = memchr(from, '"', (size_t)(d->end - from));

			o->value = arena_strndup(s->arena, from,
						 (size_t)((quote ? quote : d->end) - from));
			d->at = quote ? quote + 1 : d->end;
		} else {
			o->value = word(d, "");
		}
	}
	skip_blanks(d);
	if (!*o->name || (o->value && !*o->value) || d->at < d->end) {
		diag_error(s->diag, *o->name ? o->loc : d->loc, "D_PRAGMA_MALFORM",
			   "malformed option: expected #pragma D option NAME or NAME=VALUE");
		if (*o->name && d->at < d->end)
			diag_hint(s->diag, "each option takes a #pragma line of its own");
		return;
	}
	*s->options_tail = o;
	s->options_tail = &o->next;
	apply_defaultargs(s, o);
}

static void directive_error(struct directive *d)
{
	skip_blanks(d);
	diag_error(d->lx->script->diag, d->loc, "D_PRAGERR", "#error: %.*s",
		   d->end - d->at > 200 ? 200 : (int)(d->end - d->at), d->at);
}

/* library | module | provider, and a name. NULL, or what is wrong with it: a tag. */
static const char *read_dependency(struct directive *d, enum depends_on *on, const char **name)
{
	static const char *const kinds[] = {
		[DEPENDS_ON_LIBRARY] = "library",
		[DEPENDS_ON_PROVIDER] = "provider",
		[DEPENDS_ON_MODULE] = "module",
	};
	const char *kind = word(d, "");

	*name = word(d, "");
	skip_blanks(d);
	if (!**name || d->at < d->end)
		return "D_PRAGMA_MALFORM";
	for (*on = DEPENDS_ON_LIBRARY; *on <= DEPENDS_ON_MODULE; ++*on)
		if (strcmp(kind, kinds[*on]) == 0)
			return NULL;
	return "D_PRAGMA_INVAL";
}

/* What a library depends on was read before its text: see lexer_dependencies(). */
static void pragma_depends_on(struct directive *d)
{
	struct script *s = d->lx->script;
	enum depends_on on;
	const char *name, *wrong = read_dependency(d, &on, &name);

	if (wrong)
		diag_error(
			s->diag, d->loc, wrong,
			"malformed dependency: expected #pragma D depends_on library|module|provider NAME");
	else if (s->libraries.depend && !d->lx->source->is_library)
		s->libraries.depend(s->libraries.arg, on, name, d->loc);
}

static bool is_header(const char *name)
{
	size_t n = strlen(name);

	return n > 2 && strcmp(name + n - 2, ".h") == 0;
}

/* The text from the next line on becomes a source of its own, so that places in it can be shown. */
static void directive_line(struct directive *d)
{
	struct lexer *lx = d->lx;
	struct source *src;
	const char *number = word(d, "\""), *name;
	char *rest;
	long line = strtol(number, &rest, 10);

	if (!isdigit((unsigned char)*number) || *rest || line < 0 || line >= INT_MAX) {
		diag_error(lx->script->diag, d->loc, "D_PRAGMA_MALFORM",
			   "malformed line number: expected #line NUMBER [\"FILE\"]");
		return;
	}
	src = ARENA_NEW(lx->script->arena, struct source);
	*src = *lx->source;
	src->text = lx->at < lx->end ? lx->at + 1 : lx->end; /* lx->at is the newline */
	src->len = (size_t)(lx->end - src->text);
	src->first_line = line > 0 ? (int)line : 1;
	skip_blanks(d);
	if (d->at < d->end && *d->at == '"') {
		d->at++;
		name = word(d, "\"");
		if (*name &&
		    *name !=
			    '<') /* <stdin>, <built-in>: of the preprocessor, no file of the user */
			src->name = name;
		src->is_header = is_header(name);
	}
	lx->source = src;
	lx->line = src->first_line - 1; /* until its newline is passed */
}

static void directive_ignored(struct directive *d)
{
	d->at = d->end;
}

static const struct directive_row {
	const char *name;
	void (*take)(struct directive *d);
} pragmas[] =
	{
		{"attributes", directive_ignored}, {"binding", directive_ignored},
		{"depends_on", pragma_depends_on}, {"error", directive_error},
		{"ident", directive_ignored},	   {"line", directive_line},
		{"option", pragma_option},	   {NULL, NULL},
},
  directives[] = {
	  {"error", directive_error},
	  {"ident", directive_ignored},
	  {"line", directive_line},
	  {NULL, NULL},
};

static const struct directive_row *find_row(const struct directive_row *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

/* #pragma [D] NAME ...; unknown ones without D are some other compiler's */
static void directive_pragma(struct directive *d)
{
	const struct directive_row *row;
	const char *name = word(d, "");

	if (strcmp(name, "D") == 0) {
		d->of_d = true;
		name = word(d, "");
	}
	row = find_row(pragmas, name);
	if (row)
		row->take(d);
	else if (d->of_d)
		diag_error(d->lx->script->diag, d->loc, "D_PRAGMA_INVAL",
			   "invalid control directive: #pragma D %.60s", name);
}

/* The rest of a line of a text that is only looked through for dependencies. */
static void find_dependency(struct directive *d)
{
	const char *name;
	enum depends_on on;

	if (strcmp(word(d, ""), "pragma") || strcmp(word(d, ""), "D") ||
	    strcmp(word(d, ""), "depends_on") || read_dependency(d, &on, &name))
		return;
	d->lx->depends(d->lx->depends_arg, on, name, d->loc);
}

void lexer_dependencies(struct script *s, const struct source *src,
			void (*found)(void *arg, enum depends_on on, const char *name,
				      struct loc at),
			void *arg)
{
	struct lexer lx;
	int mark = diag_count(s->diag);

	lexer_init(&lx, s, src);
	lx.depends = found;
	lx.depends_arg = arg;
	for (const char *p; (p = lexer_skip(&lx)) < lx.end;) {
		lx.at++;
		if (*p != '"')
			continue;
		while (lx.at < lx.end && *lx.at != '"' && *lx.at != '\n')
			lx.at += *lx.at == '\\' && lx.end - lx.at > 1 ? 2 : 1;
		if (lx.at < lx.end && *lx.at == '"')
			lx.at++;
	}
	diag_rewind(s->diag, mark); /* they come again when the text is parsed */
}

void lexer_directive(struct lexer *lx)
{
	struct directive d = {.lx = lx, .loc = lexer_loc(lx, lx->at), .at = lx->at + 1};
	const struct directive_row *row;
	const char *name;

	d.end = memchr(d.at, '\n', (size_t)(lx->end - d.at));
	if (!d.end)
		d.end = lx->end;
	lx->at = d.end;
	if (d.at < d.end && *d.at == '!')
		return;
	while (d.end > d.at && lexer_is_blank(d.end[-1]))
		d.end--;
	if (lx->depends) {
		find_dependency(&d);
		return;
	}
	skip_blanks(&d);
	if (d.at < d.end && isdigit((unsigned char)*d.at)) {
		directive_line(&d);
		return;
	}
	name = word(&d, "\"");
	row = find_row(directives, name);
	if (row) {
		row->take(&d);
	} else if (strcmp(name, "pragma") == 0) {
		directive_pragma(&d);
	} else if (*name) { /* a # alone is nothing */
		diag_error(lx->script->diag, d.loc, "D_PRAGMA_INVAL",
			   "invalid control directive: #%.60s", name);
		diag_hint(lx->script->diag, "use -C to run the C preprocessor on the script");
	}
}
