/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The formats of printf() and printa() held against what they print. A printa()
 * may stand before the clause that aggregates: then it waits for check_finish().
 */
#include <string.h>

#include "agg/agg.h"
#include "lang/check_impl.h"

struct check_later {
	struct node *call, *format, *aggs;
	struct check_later *next;
};

static const char *const takes_text[] = {
	[FORMAT_NOTHING] = "nothing",
	[FORMAT_INTEGER] = "an integer",
	[FORMAT_NUMBER] = "an integer or a pointer",
	[FORMAT_FLOAT] = "a floating-point value",
	[FORMAT_STRING] = "a string or char [] (or use stringof)",
	[FORMAT_STACK] = "a stack",
};

static bool type_fits(struct check *ck, const struct format_conv *c, struct type *t)
{
	struct type *r = type_resolve(check_decay(ck, t));

	if (r->kind == TYPE_CODE && r->count)
		return c->takes == FORMAT_STACK;
	if (r->kind == TYPE_CODE)
		return c->takes == FORMAT_STRING || c->letter == 'a' || c->letter == 'A';
	switch (c->takes) {
	case FORMAT_INTEGER:
		return type_is_integer(r);
	case FORMAT_NUMBER:
		return type_is_scalar(r) && !type_is_string(t);
	case FORMAT_FLOAT:
		return r->kind == TYPE_FLOAT;
	case FORMAT_STRING:
		return type_is_string(t);
	case FORMAT_STACK:
		return false;
	default:
		return true;
	}
}

static struct format *parse_format(struct check *ck, const struct node *format, const char *what)
{
	const char *why;
	struct format *f;

	if (strlen(format->name) != format->length) {
		check_error(ck, format->loc, "D_PRINTF_FMT", "%s( ) format holds a NUL byte", what);
		return NULL;
	}
	f = format_parse(ck->s->arena, format->name, &why);
	if (!f)
		check_error(ck, format->loc, "D_PRINTF_FMT", "%s( ) %s", what, why);
	return f;
}

/* Printing what arguments: the state of going through a format. */
struct walk {
	const char *what;
	const struct format *format;
	struct node *arg; /* next one */
	int narg;	  /* its number, from 1 */
	int conv;	  /* of the conversions that print, from 1 */
};

static bool take_star(struct check *ck, struct walk *w, const struct node *format, int i,
		      const char *which)
{
	struct node *a = w->arg;

	if (!a) {
		check_error(ck, format->loc, "D_PRINTF_DYN_PROTO",
			    "%s( ) conversion #%d (%s) is missing an argument for its %s", w->what,
			    w->conv, format_conv_text(ck->s->arena, w->format, i), which);
		return false;
	}
	w->arg = a->next;
	w->narg++;
	if (!a->type || type_is_integer(a->type))
		return a->type != NULL;
	check_error(ck, a->loc, "D_PRINTF_DYN_TYPE",
		    "%s( ) argument #%d, the %s of %s, must be an integer, not \"%s\"", w->what,
		    w->narg - 1, which, format_conv_text(ck->s->arena, w->format, i),
		    check_typename(ck, a->type));
	return false;
}

static bool take_value(struct check *ck, struct walk *w, const struct node *format, int i)
{
	const struct format_conv *c = &w->format->convs[i];
	struct node *a = w->arg;
	struct type *r;

	if (!a) {
		check_error(
			ck, format->loc, "D_PRINTF_ARG_PROTO",
			"%s( ) prototype mismatch: conversion #%d (%s) is missing a corresponding value argument",
			w->what, w->conv, format_conv_text(ck->s->arena, w->format, i));
		return false;
	}
	w->arg = a->next;
	w->narg++;
	if (!a->type)
		return false;
	if (type_fits(ck, c, a->type))
		return true;
	check_error(
		ck, a->loc, "D_PRINTF_ARG_TYPE",
		"%s( ) argument #%d is incompatible with conversion #%d: %s prints %s, not \"%s\"",
		w->what, w->narg - 1, w->conv, format_conv_text(ck->s->arena, w->format, i),
		takes_text[c->takes], check_typename(ck, a->type));
	r = type_resolve(a->type);
	if (c->takes == FORMAT_INTEGER && type_is_string(a->type))
		diag_hint(ck->s->diag, "strings are printed by %%s");
	else if (c->takes == FORMAT_STRING && type_is_integer(r))
		diag_hint(ck->s->diag, "integers are printed by %%d");
	else if (c->takes == FORMAT_INTEGER && r->kind == TYPE_POINTER)
		diag_hint(ck->s->diag, "pointers are printed by %%p");
	return false;
}

bool check_printf(struct check *ck, struct node *call, struct node *format)
{
	const char *what = call->name;
	struct walk w = {.what = what, .arg = format->next, .narg = 2};
	bool ok = true, more;

	w.format = parse_format(ck, format, what);
	if (!w.format)
		return false;
	for (int i = 0; i < w.format->nconvs; i++) {
		const struct format_conv *c = &w.format->convs[i];

		if (!c->letter || c->takes == FORMAT_NOTHING)
			continue;
		w.conv++;
		if (c->is_agg) {
			check_error(ck, format->loc, "D_PRINTF_AGG_CONV",
				    "conversion #%d (%s) prints an aggregation: use printa( )",
				    w.conv, format_conv_text(ck->s->arena, w.format, i));
			return false;
		}
		if ((c->width_star && !take_star(ck, &w, format, i, "width")) ||
		    (c->prec_star && !take_star(ck, &w, format, i, "precision")))
			return false;
		more = w.arg != NULL;
		ok &= take_value(ck, &w, format, i);
		if (!more)
			return false;
	}
	if (w.arg) {
		check_error(
			ck, w.arg->loc, "D_PRINTF_ARG_EXTRA",
			"%s( ) prototype mismatch: only %d argument%s required by this format string",
			what, w.narg - 1, w.narg == 2 ? "" : "s");
		return false;
	}
	return ok;
}

/* All aggregations of one printa() are joined by key: the tuples must agree. */
static bool check_joined(struct check *ck, struct node *aggs)
{
	const struct aggregation *first = aggs->agg;

	for (struct node *n = aggs->next; n; n = n->next) {
		const struct aggregation *a = n->agg;

		if (a->nkeys != first->nkeys) {
			check_error(ck, n->loc, "D_PRINTA_AGGKEY",
				    "printa( ) can't join @%s and @%s: they have %d and %d keys",
				    first->name, a->name, first->nkeys, a->nkeys);
			return false;
		}
		for (int i = 0; i < a->nkeys && a->keys && first->keys; i++)
			if (type_is_string(a->keys[i]) != type_is_string(first->keys[i])) {
				check_error(
					ck, n->loc, "D_PRINTA_AGGKEY",
					"printa( ) can't join @%s and @%s: key #%d is \"%s\" in one, \"%s\" in the other",
					first->name, a->name, i + 1,
					check_typename(ck, first->keys[i]),
					check_typename(ck, a->keys[i]));
				return false;
			}
	}
	return true;
}

static bool check_key_conv(struct check *ck, const struct node *format, const struct format *f,
			   int i, const struct aggregation *agg, int key)
{
	const struct format_conv *c = &f->convs[i];
	const char *text = format_conv_text(ck->s->arena, f, i);

	if (key >= agg->nkeys) {
		check_error(ck, format->loc, "D_PRINTF_ARG_PROTO",
			    "printa( ) conversion %s needs a key, and @%s has only %d", text,
			    agg->name, agg->nkeys);
		if (strchr("diouxX", c->letter))
			diag_hint(ck->s->diag, "the aggregated value is printed by %%@%c",
				  c->letter);
		return false;
	}
	if (!agg->keys || type_fits(ck, c, agg->keys[key]))
		return true;
	check_error(ck, format->loc, "D_PRINTF_ARG_TYPE",
		    "printa( ) conversion %s prints %s, but key #%d of @%s is \"%s\"", text,
		    takes_text[c->takes], key + 1, agg->name, check_typename(ck, agg->keys[key]));
	return false;
}

/* All aggregations are defined now. */
static bool check_printa_now(struct check *ck, struct node *format, struct node *aggs)
{
	int keys = 0, values = 0, naggs = 0;
	struct format *f;

	if (!check_joined(ck, aggs))
		return false;
	if (!format)
		return true;
	f = parse_format(ck, format, "printa");
	if (!f)
		return false;
	for (struct node *n = aggs; n; n = n->next)
		naggs++;
	for (int i = 0; i < f->nconvs; i++) {
		const struct format_conv *c = &f->convs[i];

		if (!c->letter || c->takes == FORMAT_NOTHING)
			continue;
		if (c->width_star || c->prec_star) {
			check_error(ck, format->loc, "D_PRINTF_DYN_PROTO",
				    "printa( ) conversion %s: '*' has no argument to come from",
				    format_conv_text(ck->s->arena, f, i));
			return false;
		}
		if (c->is_agg) {
			values++;
		} else if (!check_key_conv(ck, format, f, i, aggs->agg, keys++)) {
			return false;
		}
	}
	if (values <= naggs || naggs == 1)
		return true;
	check_error(ck, format->loc, "D_PRINTF_ARG_PROTO",
		    "printa( ) format prints %d aggregations, only %d are given", values, naggs);
	return false;
}

static bool all_defined(struct node *aggs)
{
	for (; aggs; aggs = aggs->next)
		if (!aggs->agg || !aggs->agg->func)
			return false;
	return true;
}

bool check_printa(struct check *ck, struct node *call, struct node *format, struct node *aggs)
{
	struct check_later *l;

	if (all_defined(aggs))
		return check_printa_now(ck, format, aggs);
	l = ARENA_NEW(ck->s->arena, struct check_later);
	l->call = call;
	l->format = format;
	l->aggs = aggs;
	l->next = ck->s->check_later;
	ck->s->check_later = l;
	return true;
}

void check_printa_later(struct script *s)
{
	struct check ck = {.s = s, .args.n = -1};

	for (struct check_later *l = s->check_later; l; l = l->next)
		if (all_defined(l->aggs))
			check_printa_now(&ck, l->format, l->aggs);
	s->check_later = NULL;
}
