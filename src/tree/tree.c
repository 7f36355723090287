/* SPDX-License-Identifier: BSD-2-Clause */
/* Making and copying trees.  Copying recurses on expressions, whose height the parser bounds. */
#include "tree/tree.h"

#include "base/strmap.h"

struct script *script_new(struct arena *a, struct types *ts, struct diag *d, struct macro_args *m)
{
	struct script *s = ARENA_NEW(a, struct script);

	s->arena = a;
	s->types = ts;
	s->diag = d;
	s->macros = m;
	s->clauses_tail = &s->clauses;
	s->variables_tail = &s->variables;
	s->aggs_tail = &s->aggs;
	s->options_tail = &s->options;
	s->globals = strmap_new(a);
	s->selfs = strmap_new(a);
	s->thises = strmap_new(a);
	return s;
}

bool script_read_libraries(struct script *s)
{
	void (*read_all)(void *arg) = s->libraries.read_all;

	if (!read_all)
		return false;
	s->libraries.read_all = NULL;
	read_all(s->libraries.arg);
	return true;
}

struct node *node_new(struct script *s, enum node_kind kind, struct loc at)
{
	struct node *n = ARENA_NEW(s->arena, struct node);

	n->kind = kind;
	n->loc = at;
	n->height = 1;
	return n;
}

static struct node *list_clone(struct script *s, const struct node *n)
{
	struct node *first = NULL, **tail = &first;

	for (; n; n = n->next) {
		*tail = node_clone(s, n);
		tail = &(*tail)->next;
	}
	return first;
}

struct node *node_clone(struct script *s, const struct node *n)
{
	struct node *c;

	if (!n)
		return NULL;
	c = node_new(s, n->kind, n->loc);
	c->op = n->op;
	c->height = n->height;
	c->name = n->name;
	c->length = n->length;
	c->value = n->value;
	c->scope = n->scope;
	c->cast_to = n->cast_to;
	if (n->kind == NODE_INT)
		c->type = n->type; /* the parser's, of a constant */
	c->left = node_clone(s, n->left);
	c->right = node_clone(s, n->right);
	c->third = node_clone(s, n->third);
	c->args = list_clone(s, n->args);
	return c;
}

struct clause *clause_clone(struct script *s, const struct clause *c)
{
	struct clause *copy = ARENA_NEW(s->arena, struct clause);
	struct probe_desc **tail = &copy->descs;

	copy->loc = c->loc;
	copy->has_body = c->has_body;
	for (const struct probe_desc *d = c->descs; d; d = d->next) {
		*tail = ARENA_NEW(s->arena, struct probe_desc);
		**tail = *d;
		(*tail)->next = NULL;
		tail = &(*tail)->next;
	}
	copy->predicate = node_clone(s, c->predicate);
	copy->body = list_clone(s, c->body);
	return copy;
}
