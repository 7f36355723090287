/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of built-ins. A row of the tables gives the prototype in the spelling
 * of builtin.h; this file reads it and holds the arguments against it.
 */
#include <ctype.h>
#include <string.h>

#include "agg/agg.h"
#include "builtin/absent.h"
#include "lang/check_impl.h"

/* One argument of a prototype. */
struct formal {
	char text[64];
	bool optional;
};

/* Next formal from *pp; false at the end. optional is kept from call to call. */
static bool next_formal(const char **pp, struct formal *f)
{
	const char *p = *pp;
	size_t n = 0;

	for (; *p && (isspace((unsigned char)*p) || *p == ',' || *p == '['); p++)
		f->optional |= *p == '[';
	for (; *p && *p != ',' && *p != '[' && n + 1 < sizeof(f->text); p++)
		f->text[n++] = *p;
	while (n > 0 && isspace((unsigned char)f->text[n - 1]))
		n--;
	f->text[n] = '\0';
	*pp = p;
	return n > 0;
}

/* Arguments a prototype needs and takes; max -1: no limit. */
static void count_formals(const char *proto, int *min, int *max)
{
	struct formal f = {.optional = false};

	*min = *max = 0;
	while (next_formal(&proto, &f)) {
		if (strncmp(f.text, "...", 3) == 0) {
			*max = -1;
			return;
		}
		*min += !f.optional;
		(*max)++;
	}
}

static bool wrong_count(struct check *ck, const struct node *n, const char *what, const char *proto)
{
	int min, max, given = check_count(n->args);
	const char *more = "";

	count_formals(proto, &min, &max);
	if (max != min)
		more = given < min || max < 0 ? "at least " : "at most ";
	else
		max = min;
	check_error(ck, n->loc, "D_PROTO_LEN",
		    "%s( ) prototype mismatch: %d argument%s passed, %s%d expected", what, given,
		    given == 1 ? "" : "s", more, given < min || max < 0 ? min : max);
	return false;
}

static bool is_any(struct check *ck, struct node *a)
{
	(void)ck;
	return !a->xlator;
}

static bool is_integer(struct check *ck, struct node *a)
{
	(void)ck;
	return type_is_integer(a->type);
}

static bool is_address(struct check *ck, struct node *a)
{
	return type_is_scalar(check_decay(ck, a->type));
}

static bool is_string(struct check *ck, struct node *a)
{
	if (!check_is_strcompat(a->type))
		return false;
	check_to_string(ck, a);
	return true;
}

/* NULL stays the number that it is. */
static bool is_string_or_null(struct check *ck, struct node *a)
{
	return check_is_null(a) || is_string(ck, a);
}

// clang-format off
static const struct {
	const char *kind;
	bool (*match)(struct check *ck, struct node *a);
	const char *text; /* for messages */
} formal_kinds[] = {
	{ "any",     is_any,     "any value" },
	{ "integer", is_integer, "an integer" },
	{ "pointer", is_address, "a pointer or an integer" },
	{ "string",  is_string,  "a string" },
	{ "string or NULL", is_string_or_null, "a string or NULL" },
};
// clang-format on

static bool matches(struct check *ck, struct node *a, const char *kind, const char **text)
{
	struct type *t;

	for (size_t i = 0; i < sizeof(formal_kinds) / sizeof(*formal_kinds); i++)
		if (strcmp(kind, formal_kinds[i].kind) == 0) {
			*text = formal_kinds[i].text;
			return formal_kinds[i].match(ck, a);
		}
	*text = arena_printf(ck->s->arena, "\"%s\"", kind);
	t = check_type_text(ck->s, kind);
	return t && !a->xlator && check_assignable(ck, t, a);
}

/* The argument a of a value kind, number i from 1. */
static bool check_formal(struct check *ck, struct node *a, const char *kind, int i,
			 const char *what)
{
	const char *text;
	struct type *given = check_recorded(ck, a);

	if (!given)
		return false;
	if (matches(ck, a, kind, &text))
		return true;
	check_error(
		ck, a->loc, "D_PROTO_ARG",
		"%s( ) argument #%d is incompatible with its prototype: %s expected, \"%s\" given",
		what, i, text, check_typename(ck, given));
	if (a->xlator)
		diag_hint(ck->s->diag, "it is translated: use its members");
	else if (strcmp(kind, "string") == 0 && type_is_scalar(given))
		diag_hint(ck->s->diag, type_is_integer(given)
					       ? "lltostr() makes a string of a number"
					       : "stringof() makes a string of an address");
	return false;
}

static bool check_agg_arg(struct check *ck, struct node *a, const char *what, int i,
			  const char *tag)
{
	if (a->kind != NODE_AGG) {
		check_error(ck, a->loc, tag, "%s( ) argument #%d must be an aggregation", what, i);
		return false;
	}
	return check_agg_name(ck, a) != NULL;
}

static bool check_rest(struct check *ck, struct node *a, bool aggs, const char *what, int i)
{
	bool ok = true;

	for (; a; a = a->next, i++)
		ok &= aggs ? check_agg_arg(ck, a, what, i, "D_PRINTA_AGGARG")
			   : check_recorded(ck, a) != NULL;
	return ok;
}

/* aggs: it may be left out before aggregations */
static bool check_format_arg(struct check *ck, struct node *a, bool aggs, const char *what)
{
	if (!check_value(ck, a))
		return false;
	if (a->kind == NODE_STRING)
		return true;
	if (aggs)
		check_error(ck, a->loc, "D_PRINTA_AGGARG",
			    "%s( ) argument #1 must be a string constant or an aggregation", what);
	else
		check_error(ck, a->loc, "D_PRINTF_ARG_FMT",
			    "%s( ) needs a string constant as its format", what);
	return false;
}

/* The format, if one was given, against the arguments behind it. */
static bool check_formats(struct check *ck, struct node *n, struct node *format, const char *proto)
{
	struct node *aggs = format ? format->next : n->args;

	if (!strstr(proto, "...@"))
		return !format || check_printf(ck, n, format);
	if (aggs)
		return check_printa(ck, n, format, aggs);
	check_error(ck, n->loc, "D_PRINTA_PROTO",
		    "%s( ) prototype mismatch: it needs an aggregation to print", n->name);
	return false;
}

bool check_proto(struct check *ck, struct node *n, const char *what, const char *proto)
{
	bool aggs = strchr(proto, '@') != NULL, ok = true;
	struct node *a = n->args, *format = NULL;
	struct formal f = {.optional = false};
	const char *p = proto;
	int i = 1;

	while (next_formal(&p, &f)) {
		if (strcmp(f.text, "...") == 0 || strcmp(f.text, "...@") == 0) {
			ok &= check_rest(ck, a, f.text[3] == '@', what, i);
			a = NULL;
			break;
		}
		if (strcmp(f.text, "format") == 0 && aggs && a && a->kind == NODE_AGG)
			continue;
		if (!a) {
			if (f.optional)
				break;
			return wrong_count(ck, n, what, proto);
		}
		if (strcmp(f.text, "format") == 0) {
			if (!check_format_arg(ck, a, aggs, what))
				return false;
			format = a;
		} else if (strcmp(f.text, "@") == 0) {
			ok &= check_agg_arg(ck, a, what, i, "D_PROTO_ARG");
		} else {
			ok &= check_formal(ck, a, f.text, i, what);
		}
		a = a->next;
		i++;
	}
	if (a)
		return wrong_count(ck, n, what, proto);
	return ok && check_formats(ck, n, format, proto);
}

static const struct builtin *find_function(struct check *ck, struct node *n)
{
	const struct builtin *b = builtin_find(n->name, false);
	const char *absent = b ? NULL : builtin_absent(n->name);
	struct suggest sg;

	if (b)
		return b;
	if (absent) {
		check_error(ck, n->loc, "D_IDENT_ABSENT",
			    "%s( ) is a function of DTrace's that is not available here: %s",
			    n->name, absent);
		return NULL;
	}
	check_error(ck, n->loc, "D_IDENT_UNDEF", "failed to resolve %s: Unknown function name",
		    n->name);
	if (agg_find(n->name)) {
		diag_hint(ck->s->diag, "%s() aggregates: @name = %s(...)", n->name, n->name);
		return NULL;
	}
	if (!check_suggests(ck, &sg, n->name))
		return NULL;
	builtin_suggest(&sg, false);
	check_suggest(ck, &sg);
	return NULL;
}

bool check_permitted(struct script *s, const struct builtin *b, struct loc at)
{
	if (!b->destructive || s->destructive)
		return true;
	diag_error(s->diag, at, "EDT_DESTRUCTIVE", "%s( ): destructive actions not allowed",
		   b->name);
	diag_hint(s->diag, "-w permits them, in a script #pragma D option destructive");
	return false;
}

static struct type *call(struct check *ck, struct node *n, const struct builtin *b)
{
	int mark = diag_count(ck->s->diag);
	struct type *t;

	n->builtin = b;
	if (!check_permitted(ck->s, b, n->loc) || !check_proto(ck, n, b->name, b->args))
		return NULL;
	t = check_type_text(ck->s, b->returns);
	if (!t) {
		check_error(ck, n->loc, "D_TYPE_UNKNOWN",
			    "%s( ) is not available on this kernel: it has no type \"%s\"", b->name,
			    b->returns);
		return NULL;
	}
	n->type = t;
	if (b->check && !b->check(ck->s, n)) {
		if (diag_count(ck->s->diag) == mark)
			check_error(ck, n->loc, "D_PROTO_ARG", "%s( ) may not be used like this",
				    b->name);
		return n->type = NULL;
	}
	return n->type;
}

struct type *check_call(struct check *ck, struct node *n)
{
	const struct builtin *b = find_function(ck, n);

	if (!b)
		return NULL;
	if (b->kind == BUILTIN_ACTION) {
		check_error(
			ck, n->loc, "D_CG_EXPR",
			"%s( ) may not be called from a D expression (D program context required)",
			b->name);
		diag_hint(ck->s->diag, "make it a statement of its own");
		return NULL;
	}
	return call(ck, n, b);
}

void check_call_statement(struct check *ck, struct node *n)
{
	const struct builtin *b = find_function(ck, n);

	if (b)
		call(ck, n, b);
}

struct type *check_recorded(struct check *ck, struct node *n)
{
	const struct builtin *b = n->kind == NODE_CALL ? builtin_find(n->name, false) : NULL;

	if (b && b->kind == BUILTIN_ACTION && strcmp(b->returns, "void") != 0)
		return call(ck, n, b);
	return check_value(ck, n);
}
