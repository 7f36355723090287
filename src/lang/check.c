/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checker: clauses and statements.
 *
 * Requires a parsed script. Establishes, for each clause checked without an
 * error: every expression has a type, every name a symbol, constants are
 * NODE_INT, and variables and aggregations exist in the script with what is
 * known of them so far. Clauses are checked in program order, because the first
 * assignment declares a variable.
 *
 * The idea of each of the other files: check_expr operators, check_type type
 * rules, check_name names and variables, check_member structs, translators and
 * args[], check_call built-ins, check_agg aggregations, check_printf formats,
 * fold constants.
 */
#include "lang/check_impl.h"

#include <stdarg.h>

void check_error(struct check *ck, struct loc at, const char *tag, const char *fmt, ...)
{
	const char *message;
	va_list ap;

	va_start(ap, fmt);
	message = arena_vprintf(ck->s->arena, fmt, ap);
	va_end(ap);
	if (!ck->first_error)
		ck->first_error = message;
	diag_error(ck->s->diag, at, tag, "%s", message);
}

struct suggest *check_suggests(struct check *ck, struct suggest *s, const char *wanted)
{
	if (diag_is_long(ck->s->diag))
		return NULL;
	suggest_start(s, wanted);
	return s;
}

void check_suggest(struct check *ck, const struct suggest *s)
{
	const char *best = s ? suggest_best(s) : NULL;

	if (best)
		diag_hint(ck->s->diag, "did you mean %s?", best);
}

const char *check_typename(struct check *ck, struct type *t)
{
	return type_name(ck->s->arena, t);
}

bool check_apart(struct check *ck, struct node *expr, struct symbol **params, int nparams,
		 const char *no_args, struct type *to, const char **why)
{
	struct diag *d = ck->s->diag;
	int mark = diag_count(d);
	struct check sub = {
		.s = ck->s,
		.args.n = -1,
		.no_args = no_args,
		.params = params,
		.nparams = nparams,
		.depth = ck->depth + 1,
	};

	if (!check_value(&sub, expr))
		; /* said */
	else if (check_is_null(expr) && type_resolve(to)->kind == TYPE_STRING)
		check_empty_string(&sub, expr); /* a translator's "no name here" */
	else if (!check_assignable(&sub, to, expr) && !(check_is_null(expr) && type_is_scalar(to)))
		check_error(&sub, expr->loc, "D_OP_INCOMPAT",
			    "a value of type \"%s\" can't become \"%s\"",
			    check_typename(ck, expr->type), check_typename(ck, to));
	if (diag_count(d) == mark)
		return true;
	*why = sub.first_error ? sub.first_error : "its definition is in error";
	if (expr->loc.source && expr->loc.source->is_library)
		diag_rewind(d, mark);
	return false;
}

static void check_statements(struct check *ck, struct node *list);

static void check_if(struct check *ck, struct node *n)
{
	/* A chain of else if is as long as its author likes: no recursion along it. */
	for (; n; n = n->third) {
		check_condition(ck, n->left, "condition of if");
		if (n->right)
			check_statements(ck, n->right);
		if (!n->third || n->third->kind != NODE_IF || n->third->next) {
			check_statements(ck, n->third);
			return;
		}
	}
}

static void check_statement(struct check *ck, struct node *n)
{
	if (++ck->depth > CHECK_DEPTH_MAX) {
		check_error(ck, n->loc, "D_NEST", "statements are nested too deeply");
		ck->depth--;
		return;
	}
	switch (n->kind) {
	case NODE_EXPR:
		if (!n->left)
			break;
		if (n->left->kind == NODE_CALL)
			check_call_statement(ck, n->left);
		else
			check_expr(ck, n->left);
		break;
	case NODE_IF:
		check_if(ck, n);
		break;
	case NODE_BLOCK:
		check_statements(ck, n->args);
		break;
	case NODE_AGGREGATE:
		check_aggregate(ck, n);
		break;
	default:
		check_error(ck, n->loc, "D_SYNTAX", "a statement is expected here");
		break;
	}
	ck->depth--;
}

static void check_statements(struct check *ck, struct node *list)
{
	for (struct node *n = list; n; n = n->next)
		check_statement(ck, n);
}

static void number_statements(struct node *list, uint32_t *n)
{
	for (; list; list = list->next) {
		if (list->kind != NODE_BLOCK)
			list->number = ++*n;
		if (list->kind == NODE_IF) {
			number_statements(list->right, n);
			number_statements(list->third, n);
		} else if (list->kind == NODE_BLOCK) {
			number_statements(list->args, n);
		}
	}
}

static void clause(struct script *s, struct clause *c, struct check_args args, bool *unknown)
{
	struct check ck = {.s = s, .args = args, .unknown = unknown};
	uint32_t n = 0;

	/* The predicate comes last: it may name what the body is the first to assign. */
	check_statements(&ck, c->body);
	if (c->predicate)
		check_condition(&ck, c->predicate, "predicate");
	check_speculation(&ck, c->body);
	number_statements(c->body, &n);
}

void check_clause(struct script *s, struct clause *c, struct check_args args)
{
	clause(s, c, args, NULL);
}

void check_unmatched_clause(struct script *s, struct clause *c)
{
	int mark = diag_count(s->diag);
	bool unknown = false;

	clause(s, c, (struct check_args){.n = -1}, &unknown);
	if (!unknown)
		return;
	diag_rewind(s->diag, mark);
	check_forget_untyped(s);
}

void check_finish(struct script *s)
{
	struct check ck = {.s = s, .args.n = -1};

	check_unused_inlines(&ck);
	check_unused_translators(&ck);
	check_printa_later(s);
	if (diag_failed(s->diag))
		return; /* an aggregating statement in error defines nothing: that would be said
			   twice */
	for (struct aggregation *a = s->aggs; a; a = a->next)
		if (!a->func && a->is_read) {
			diag_error(s->diag, a->loc, "D_AGG_NULL", "undefined aggregation: @%s",
				   a->name);
			diag_hint(
				s->diag,
				"nothing is aggregated under this name: @%s = count() would do it",
				a->name);
		}
}
