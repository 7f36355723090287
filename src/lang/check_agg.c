/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Aggregations. The first aggregating statement fixes function, parameters and
 * keys; later ones must agree. Integer keys keep the type they are written
 * with, because it decides how they are printed, and grow where a later use is
 * wider.
 */
#include <string.h>

#include "agg/agg.h"
#include "base/strmap.h"
#include "lang/check_impl.h"

#define AGG_PARAMS_MAX (int)(sizeof(((struct aggregation *)0)->params) / sizeof(int64_t))

static struct aggregation *find_agg(struct check *ck, const struct node *n)
{
	struct script *s = ck->s;
	struct aggregation *a = strmap_get(s->agg_names, n->name);

	if (a)
		return a;
	a = ARENA_NEW(s->arena, struct aggregation);
	a->name = n->name;
	a->loc = n->loc;
	a->id = s->naggs++;
	*s->aggs_tail = a;
	s->aggs_tail = &a->next;
	strmap_put(s->agg_names, a->name, a);
	return a;
}

struct aggregation *check_agg_name(struct check *ck, struct node *n)
{
	if (n->args) {
		check_error(ck, n->loc, "D_AGG_KEYS",
			    "@%s is meant as a whole here: give it without keys", n->name);
		return NULL;
	}
	n->type = check_basic(ck, "void");
	n->agg = find_agg(ck, n);
	n->agg->is_read |= !ck->unknown;
	return n->agg;
}

/* Number of constant parameters a call may have. */
static int param_slots(const struct agg_func *f)
{
	return f->max_args - f->nvalues - f->has_increment;
}

static const struct agg_func *find_func(struct check *ck, const struct node *call)
{
	const struct agg_func *f = agg_find(call->name);
	struct suggest sg;

	if (f)
		return f;
	check_error(ck, call->loc, "D_AGG_FUNC", "%s( ) is not an aggregating function",
		    call->name);
	if (!check_suggests(ck, &sg, call->name))
		return NULL;
	for (int i = 0; (f = agg_at(i)); i++)
		suggest_offer(&sg, f->name);
	check_suggest(ck, &sg);
	return NULL;
}

static bool check_func_args(struct check *ck, const struct agg_func *f, const struct node *call,
			    int64_t *params, int *nparams)
{
	int n = check_count(call->args), i = 0, slots = param_slots(f);
	const char *why;
	bool ok = true;

	if (n < f->min_args || n > f->max_args) {
		check_error(ck, call->loc, "D_PROTO_LEN",
			    "%s( ) prototype mismatch: %d argument%s passed, %s%d expected",
			    f->name, n, n == 1 ? "" : "s",
			    f->min_args == f->max_args ? ""
			    : n < f->min_args	       ? "at least "
						       : "at most ",
			    n < f->min_args ? f->min_args : f->max_args);
		return false;
	}
	*nparams = 0;
	for (struct node *a = call->args; a; a = a->next, i++) {
		const char *what = arena_printf(ck->s->arena, "%s( ) argument #%d", f->name, i + 1);

		if (!check_value(ck, a) || !check_scalar(ck, a, what)) {
			ok = false;
			continue;
		}
		if (i < f->nvalues || i >= f->nvalues + slots)
			continue;
		if (a->kind != NODE_INT || !type_is_integer(a->type)) {
			check_error(ck, a->loc, "D_AGG_PARAM", "%s must be an integer constant",
				    what);
			ok = false;
		} else if (*nparams < AGG_PARAMS_MAX) {
			params[(*nparams)++] = (int64_t)a->value;
		}
	}
	if (ok && f->check && !f->check(params, *nparams, &why)) {
		check_error(ck, call->loc, "D_AGG_PARAM", "%s( ): %s", f->name, why);
		return false;
	}
	return ok;
}

static bool value_is_signed(const struct agg_func *f, const struct node *call)
{
	struct type *t;

	if (f->nvalues == 0)
		return false;
	t = type_resolve(call->args->type);
	return type_is_integer(t) && t->is_signed;
}

static bool check_agg_keys(struct check *ck, struct node *keys)
{
	bool ok = true;

	for (struct node *k = keys; k; k = k->next)
		ok &= check_recorded(ck, k) != NULL;
	return ok;
}

static bool check_same_func(struct check *ck, const struct aggregation *agg, const struct node *n,
			    const struct agg_func *f, const int64_t *params, int nparams)
{
	if (agg->func != f) {
		check_error(ck, n->loc, "D_AGG_REDEF",
			    "aggregation redefined: @%s = %s( ), but @%s = %s( ) on line %d",
			    agg->name, f->name, agg->name, agg->func->name, agg->loc.line);
		diag_hint(ck->s->diag, "give it another name");
		return false;
	}
	if (agg->nparams == nparams &&
	    memcmp(agg->params, params, (size_t)nparams * sizeof(*params)) == 0)
		return true;
	check_error(ck, n->loc, "D_AGG_REDEF",
		    "aggregation redefined: the parameters of %s( ) differ from those on line %d",
		    f->name, agg->loc.line);
	return false;
}

static void define(struct check *ck, struct aggregation *agg, struct node *n,
		   const struct agg_func *f, const int64_t *params, int nparams)
{
	agg->func = f;
	agg->loc = n->loc;
	agg->nkeys = check_count(n->left->args);
	agg->keys = check_key_types(ck, n->left->args, &agg->nkeys, false);
	memcpy(agg->params, params, (size_t)nparams * sizeof(*params));
	agg->nparams = nparams;
}

/* @name[keys] = func(args) */
void check_aggregate(struct check *ck, struct node *n)
{
	const struct agg_func *f = find_func(ck, n->right);
	int64_t params[AGG_PARAMS_MAX];
	int nparams;
	struct aggregation *agg = find_agg(ck, n->left);
	bool ok = check_agg_keys(ck, n->left->args);

	n->left->agg = agg;
	n->left->type = n->right->type = check_basic(ck, "void");
	if (!f || !check_func_args(ck, f, n->right, params, &nparams) || !ok)
		return;
	if (!agg->func) {
		define(ck, agg, n, f, params, nparams);
	} else {
		if (!check_same_func(ck, agg, n, f, params, nparams))
			return;
		if (agg->nkeys > 0 && !agg->keys)
			return; /* said where it was defined */
		check_keys(ck, n->left->args, agg->keys, agg->nkeys, true, n->loc,
			   arena_printf(ck->s->arena, "@%s[ ]", agg->name), "D_KEY_PROTO",
			   "D_KEY_PROTO");
	}
	agg->is_signed |= value_is_signed(f, n->right);
	agg->counts_back |= f->has_increment && check_count(n->right->args) == f->max_args;
}
