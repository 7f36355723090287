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
	s->agg_names = strmap_new(a);
	s->translators_tail = &s->translators;
	s->translators_to = strmap_new(a);
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

/* Structs of one name are the same type wherever they are declared, one without is only itself. */
static const char *struct_key(const struct script *s, struct type *t)
{
	t = type_resolve(t);
	return t->name ? t->name : arena_printf(s->arena, "%p", (void *)t);
}

struct translator *script_translator(const struct script *s, struct type *out, struct type *in)
{
	struct translator *x = strmap_get(s->translators_to, struct_key(s, out));

	while (x && !(type_same(x->out, out) && type_same(x->in, in)))
		x = x->next_to;
	return x;
}

struct node *script_memory(struct script *s, struct type *t, bool for_text, struct loc at)
{
	struct symbol *v = ARENA_NEW(s->arena, struct symbol);
	struct node *n = node_new(s, NODE_NAME, at);

	v->kind = SYM_VARIABLE;
	v->name = n->name = "memory";
	v->loc = at;
	v->scope = n->scope = SCOPE_THIS;
	v->type = n->type = t;
	v->declared = v->assigned = true;
	v->for_text = for_text;
	v->id = s->nvariables++;
	*s->variables_tail = v;
	s->variables_tail = &v->next;
	n->sym = v;
	return n;
}

void script_add_translator(struct script *s, struct translator *x)
{
	const char *key = struct_key(s, x->out);

	*s->translators_tail = x;
	s->translators_tail = &x->next;
	x->next_to = strmap_get(s->translators_to, key);
	strmap_put(s->translators_to, key, x);
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
