/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names: variables, inlines, parameters, built-in variables, enumerators; and
 * the declaration of variables by their first assignment.
 *
 * An implicitly declared array's integer keys are widened as later uses need,
 * so that no use loses bits of a key; that is over before code is generated.
 */
#include <string.h>

#include "base/strmap.h"
#include "lang/check_impl.h"

static const char *const scope_prefix[] = {
	[SCOPE_GLOBAL] = "",
	[SCOPE_SELF] = "self->",
	[SCOPE_THIS] = "this->",
};

static struct strmap *scope_map(struct check *ck, enum scope scope)
{
	switch (scope) {
	case SCOPE_SELF:
		return ck->s->selfs;
	case SCOPE_THIS:
		return ck->s->thises;
	default:
		return ck->s->globals;
	}
}

static struct symbol *find_symbol(struct check *ck, const struct node *n)
{
	if (n->scope == SCOPE_GLOBAL)
		for (int i = 0; i < ck->nparams; i++)
			if (strcmp(ck->params[i]->name, n->name) == 0)
				return ck->params[i];
	return strmap_get(scope_map(ck, n->scope), n->name);
}

static const struct builtin *find_builtin(const struct node *n)
{
	return n->scope == SCOPE_GLOBAL ? builtin_find(n->name, true) : NULL;
}

/* The same name in another scope is what was meant more often than a near name. */
static bool hint_other_scope(struct check *ck, const struct node *n)
{
	for (enum scope sc = SCOPE_GLOBAL; sc <= SCOPE_THIS; sc++) {
		if (sc == n->scope || !strmap_get(scope_map(ck, sc), n->name))
			continue;
		diag_hint(ck->s->diag, "did you mean %s%s?", scope_prefix[sc], n->name);
		return true;
	}
	return false;
}

static void offer_name(void *arg, const char *name, void *symbol)
{
	(void)symbol;
	suggest_offer(arg, name);
}

static struct type *unknown_name(struct check *ck, const struct node *n)
{
	struct suggest sg;

	check_error(ck, n->loc, "D_IDENT_UNDEF", "failed to resolve %s%s: Unknown variable name",
		    scope_prefix[n->scope], n->name);
	if (hint_other_scope(ck, n) || !check_suggests(ck, &sg, n->name))
		return NULL;
	strmap_each(scope_map(ck, n->scope), offer_name, &sg);
	if (n->scope == SCOPE_GLOBAL) {
		for (int i = 0; i < ck->nparams; i++)
			suggest_offer(&sg, ck->params[i]->name);
		builtin_suggest(&sg, true);
	}
	if (suggest_best(&sg))
		diag_hint(ck->s->diag, "did you mean %s%s?", scope_prefix[n->scope],
			  suggest_best(&sg));
	else
		diag_hint(
			ck->s->diag,
			"a variable exists from its first assignment on; declare it to read it earlier");
	return NULL;
}

static bool check_inline(struct check *ck, const struct node *n, struct symbol *sym)
{
	if (sym->checking) {
		check_error(ck, n->loc, "D_INLINE_RECUR", "inline %s is defined by itself",
			    sym->name);
		return false;
	}
	if (!sym->checked) {
		sym->checking = true;
		check_apart(ck, sym->expr, sym->params, sym->nkeys,
			    "args[] can't be used in an inline: it differs from probe to probe",
			    sym->type, &sym->why);
		sym->checking = false;
		sym->checked = true;
	}
	if (!sym->why)
		return true;
	if (sym->loc.source && sym->loc.source->is_library)
		check_error(ck, n->loc, "D_IDENT_UNDEF", "%s is not available on this kernel: %s",
			    sym->name, sym->why);
	else if (!ck->first_error)
		ck->first_error = sym->why;
	return false;
}

static void check_unused_inline(void *arg, const char *name, void *value)
{
	struct symbol *sym = value;
	struct node at = {.loc = sym->loc};

	(void)name;
	if (sym->kind == SYM_INLINE && !sym->checked && sym->loc.source &&
	    !sym->loc.source->is_library)
		check_inline(arg, &at, sym);
}

void check_unused_inlines(struct check *ck)
{
	strmap_each(ck->s->globals, check_unused_inline, ck);
}

static struct type *use_inline(struct check *ck, struct node *n, struct symbol *sym)
{
	const struct node *e = sym->expr;

	if (sym->nkeys > 0) {
		check_error(ck, n->loc, "D_IDENT_BADREF", "%s needs %d parameter%s: %s[ ]",
			    sym->name, sym->nkeys, sym->nkeys == 1 ? "" : "s", sym->name);
		return NULL;
	}
	if (!check_inline(ck, n, sym))
		return NULL;
	if (e->kind == NODE_INT && type_is_scalar(sym->type)) {
		fold_set(n, e->value, sym->type);
		return n->type;
	}
	if (e->kind == NODE_STRING && type_resolve(sym->type)->kind == TYPE_STRING) {
		n->kind = NODE_STRING;
		n->name = e->name;
		n->length = e->length;
		n->sym = NULL;
		return n->type = sym->type;
	}
	n->xlator = e->xlator;
	return n->type = sym->type;
}

static struct type *use_symbol(struct check *ck, struct node *n, struct symbol *sym)
{
	n->sym = sym;
	if (sym->kind == SYM_INLINE)
		return use_inline(ck, n, sym);
	if (sym->nkeys > 0) {
		check_error(ck, n->loc, "D_IDENT_BADREF",
			    "%s%s is an associative array: it needs %d key%s in [ ]",
			    scope_prefix[sym->scope], sym->name, sym->nkeys,
			    sym->nkeys == 1 ? "" : "s");
		return NULL;
	}
	if (!sym->type && sym->declared) /* "self x;" */
		sym->type = check_basic(ck, "long");
	n->xlator = sym->xlator;
	return n->type = sym->type;
}

static struct type *use_builtin(struct check *ck, struct node *n, const struct builtin *b)
{
	struct type *t = check_type_text(ck->s, b->returns);
	int mark = diag_count(ck->s->diag);

	if (!t) {
		check_error(ck, n->loc, "D_TYPE_UNKNOWN",
			    "%s is not available on this kernel: it has no type \"%s\"", b->name,
			    b->returns);
		return NULL;
	}
	n->sym = ARENA_NEW(ck->s->arena, struct symbol);
	n->sym->kind = SYM_BUILTIN;
	n->sym->name = b->name;
	n->sym->type = t;
	n->sym->builtin = b;
	n->builtin = b;
	n->type = t;
	if (b->check && !b->check(ck->s, n)) {
		if (diag_count(ck->s->diag) == mark)
			check_error(ck, n->loc, "D_IDENT_BADREF", "%s may not be used here",
				    b->name);
		return n->type = NULL;
	}
	return n->type;
}

/* C's rule: int if it fits, else the smallest type that holds it. */
static void use_enumerator(struct check *ck, struct node *n, int64_t value)
{
	const char *t = "long";

	if (value >= INT32_MIN && value <= INT32_MAX)
		t = "int";
	else if (value > 0 && value <= UINT32_MAX)
		t = "unsigned int";
	fold_set(n, (uint64_t)value, check_basic(ck, t));
}

struct type *check_name(struct check *ck, struct node *n)
{
	struct symbol *sym = find_symbol(ck, n);
	const struct builtin *b;
	struct type *t;
	int64_t value;

	if (sym)
		return use_symbol(ck, n, sym);
	b = find_builtin(n);
	if (b && (strcmp(n->name, "args") == 0 || b->args)) {
		check_error(ck, n->loc, "D_IDENT_BADREF",
			    "%s is an array: it needs an index in [ ]", n->name);
		return NULL;
	}
	if (b)
		return use_builtin(ck, n, b);
	if (n->scope != SCOPE_GLOBAL)
		return unknown_name(ck, n);
	if (strcmp(n->name, "NULL") == 0) {
		fold_set(n, 0, types_pointer(ck->s->types, check_basic(ck, "void")));
		return n->type;
	}
	if (types_enumerator(ck->s->types, n->name, &value, &t)) {
		use_enumerator(ck, n, value);
		return n->type;
	}
	if (script_read_libraries(ck->s))
		return check_name(ck, n);
	return unknown_name(ck, n);
}

int check_count(const struct node *list)
{
	int n = 0;

	for (; list; list = list->next)
		n++;
	return n;
}

/* All of a list, even past a mistake, so that each is reported. */
static bool check_list(struct check *ck, struct node *args)
{
	bool ok = true;

	for (struct node *a = args; a; a = a->next)
		ok &= check_value(ck, a) != NULL;
	return ok;
}

static struct type *key_type(struct check *ck, struct node *a, bool promote)
{
	struct type *t = check_decay(ck, a->type);

	if (check_is_strcompat(a->type) && type_is_string(a->type))
		return check_basic(ck, "string");
	if (a->xlator) {
		check_error(ck, a->loc, "D_XLATE_REF",
			    "a translated \"%s\" can't be a key: use its members",
			    check_typename(ck, a->type));
		return NULL;
	}
	if (type_is_integer(t))
		return promote ? check_promote(ck, a) : t;
	if (type_resolve(t)->kind == TYPE_POINTER || a->builtin)
		return t;
	check_error(ck, a->loc, "D_KEY_TYPE",
		    "a key must be an integer, a pointer or a string, not \"%s\"",
		    check_typename(ck, a->type));
	return NULL;
}

struct type **check_key_types(struct check *ck, struct node *args, int *nkeys, bool promote)
{
	struct type **keys =
		arena_alloc(ck->s->arena, (size_t)(check_count(args) + 1) * sizeof(*keys));
	bool ok = true;

	*nkeys = 0;
	for (struct node *a = args; a; a = a->next) {
		struct type *t = key_type(ck, a, promote);

		keys[(*nkeys)++] = t;
		ok &= t != NULL;
	}
	return ok ? keys : NULL;
}

/* An integer type that holds all values of both. */
static struct type *widen(struct check *ck, struct type *key, struct type *t)
{
	struct type *a = type_resolve(key), *b = type_resolve(t);

	if (a->is_signed == b->is_signed)
		return b->size > a->size ? t : key;
	if (a->is_signed && a->size > b->size)
		return key;
	if (b->is_signed && b->size > a->size)
		return t;
	if (a->size == 8 || b->size == 8)
		return a->size == 8 ? key : t;
	return check_basic(ck, a->size == 4 || b->size == 4 ? "long" : "int");
}

static bool key_agrees(struct check *ck, struct type **key, struct node *a, bool grow)
{
	struct type *t = check_decay(ck, a->type);

	if (a->xlator)
		return false;
	if (type_is_integer(*key) && type_is_integer(t)) {
		if (grow)
			*key = widen(ck, *key,
				     type_resolve(*key)->size < 4 ? t : check_promote(ck, a));
		return true;
	}
	if (a->builtin && type_same(*key, t))
		return true;
	return check_assignable(ck, *key, a);
}

bool check_keys(struct check *ck, struct node *args, struct type **keys, int nkeys, bool grow,
		struct loc at, const char *what, const char *tag_len, const char *tag_arg)
{
	int n = check_count(args), i = 0;

	if (n != nkeys) {
		check_error(ck, at, tag_len, "%s prototype mismatch: %d key%s expected, %d given",
			    what, nkeys, nkeys == 1 ? "" : "s", n);
		return false;
	}
	for (struct node *a = args; a; a = a->next, i++) {
		struct type *given = a->type;

		if (key_agrees(ck, &keys[i], a, grow))
			continue;
		check_error(
			ck, a->loc, tag_arg,
			"%s: key #%d is incompatible with what it was before: \"%s\" expected, \"%s\" given",
			what, i + 1, check_typename(ck, keys[i]), check_typename(ck, given));
		return false;
	}
	return true;
}

static const char *array_text(struct check *ck, const struct symbol *sym)
{
	return arena_printf(ck->s->arena, "%s%s[ ]", scope_prefix[sym->scope], sym->name);
}

/* NODE_INDEX n of an array variable or an inline with parameters. */
static struct type *index_symbol(struct check *ck, struct node *n, struct symbol *sym)
{
	bool grow = sym->kind == SYM_VARIABLE && !sym->declared;

	if (!check_list(ck, n->args) || !sym->type || !sym->keys)
		return NULL;
	if (!check_keys(ck, n->args, sym->keys, sym->nkeys, grow, n->loc, array_text(ck, sym),
			"D_PROTO_LEN", "D_PROTO_ARG"))
		return NULL;
	n->sym = n->left->sym = sym;
	n->left->type = sym->type;
	if (sym->kind == SYM_INLINE) {
		if (!check_inline(ck, n, sym))
			return NULL;
		n->xlator = sym->expr->xlator;
	} else {
		n->xlator = sym->xlator;
	}
	return n->type = sym->type;
}

struct type *check_index_name(struct check *ck, struct node *n)
{
	struct node *l = n->left;
	struct symbol *sym = find_symbol(ck, l);
	const struct builtin *b = sym ? NULL : find_builtin(l);

	if (!sym && !b && l->scope == SCOPE_GLOBAL && script_read_libraries(ck->s))
		sym = find_symbol(ck, l);
	if (sym && sym->nkeys > 0)
		return index_symbol(ck, n, sym);
	if (b && strcmp(b->name, "args") == 0)
		return check_arg(ck, n);
	if (b && b->args) {
		if (!check_proto(ck, n, b->name, b->args) || !use_builtin(ck, l, b))
			return NULL;
		n->builtin = b;
		return n->type = l->type;
	}
	if (!check_value(ck, l))
		return NULL;
	return check_index(ck, n);
}

static struct symbol *new_variable(struct check *ck, const struct node *n, struct type *t)
{
	struct script *s = ck->s;
	struct symbol *v = ARENA_NEW(s->arena, struct symbol);

	v->kind = SYM_VARIABLE;
	v->name = n->name;
	v->loc = n->loc;
	v->scope = n->scope;
	v->type = t;
	v->assigned = true;
	v->id = s->nvariables++;
	strmap_put(scope_map(ck, n->scope), n->name, v);
	*s->variables_tail = v;
	s->variables_tail = &v->next;
	return v;
}

void check_forget_untyped(struct script *s)
{
	struct check ck = {.s = s};
	struct symbol **at = &s->variables;

	while (*at) {
		struct symbol *v = *at;

		if (v->declared || (v->type && (v->nkeys == 0 || v->keys))) {
			at = &v->next;
			continue;
		}
		strmap_put(scope_map(&ck, v->scope), v->name, NULL);
		*at = v->next;
	}
	s->variables_tail = at;
}

/* Of what a variable becomes by its first assignment. */
static struct type *variable_type(struct check *ck, struct type *t)
{
	if (!t)
		return NULL;
	return type_is_string(t) ? check_basic(ck, "string") : check_decay(ck, t);
}

static struct type *not_writable(struct check *ck, const struct node *n, const char *what)
{
	check_error(ck, n->loc, "D_OP_WRITE", "%s %s can't be assigned to", what, n->name);
	return NULL;
}

/*
 * A variable may hold a kernel pointer behind a translated one, and is then
 * read through the same translator; it can't hold both kinds. What the structs
 * of a probe's own describe (a packet) has no address that could be kept.
 */
static bool keep_xlator(struct check *ck, struct symbol *v, const struct node *from, bool first)
{
	const struct translator *x = from ? from->xlator : NULL;
	struct type *in;

	if (!from || check_is_null(from) || x == v->xlator)
		return true;
	if (!x || !(first || !v->xlator)) {
		check_error(ck, from->loc, "D_XLATE_REF",
			    "%s%s holds another kind of value: it was assigned %s",
			    scope_prefix[v->scope], v->name,
			    v->xlator ? "a translated value before"
				      : "a value that is not translated");
		return false;
	}
	in = type_resolve(x->in);
	if (in->kind == TYPE_POINTER && !type_resolve(in->base)->from_kernel) {
		check_error(
			ck, from->loc, "D_XLATE_REF",
			"a translated \"%s\" can't be kept in a variable: assign its members to variables",
			check_typename(ck, from->type));
		return false;
	}
	v->xlator = x;
	return true;
}

static struct type *target_name(struct check *ck, struct node *n, struct type *t,
				const struct node *from)
{
	struct symbol *sym = find_symbol(ck, n);
	bool first = !sym || (!sym->assigned && !sym->declared);

	if (!sym && (find_builtin(n) || (n->scope == SCOPE_GLOBAL && strcmp(n->name, "NULL") == 0)))
		return not_writable(ck, n, "built-in variable");
	if (!sym)
		sym = new_variable(ck, n, variable_type(ck, t));
	if (sym->kind == SYM_INLINE)
		return not_writable(ck, n, "inline");
	if (sym->kind == SYM_PARAM)
		return not_writable(ck, n, "parameter");
	if (!sym->type)
		sym->type = variable_type(ck, t);
	sym->assigned = true;
	if (!use_symbol(ck, n, sym) || !keep_xlator(ck, sym, from, first))
		return NULL;
	n->xlator = sym->xlator;
	return n->type;
}

static struct type *target_index(struct check *ck, struct node *n, struct symbol *sym,
				 struct type *t, const struct node *from)
{
	bool ok = check_list(ck, n->args), first = !sym;

	if (!sym && n->left->scope == SCOPE_THIS) {
		check_error(ck, n->loc, "D_DECL_LOCASSC",
			    "a clause-local variable cannot be an associative array: this->%s",
			    n->left->name);
		return NULL;
	}
	if (!sym) {
		sym = new_variable(ck, n->left, variable_type(ck, t));
		sym->nkeys = check_count(n->args);
	}
	if (sym->kind == SYM_INLINE)
		return not_writable(ck, n->left, "inline");
	if (!ok)
		return NULL;
	if (!sym->keys)
		sym->keys = check_key_types(ck, n->args, &sym->nkeys, true);
	if (!sym->type)
		sym->type = variable_type(ck, t);
	if (!sym->keys || !sym->type)
		return NULL;
	sym->assigned = true;
	if (!index_symbol(ck, n, sym) || !keep_xlator(ck, sym, from, first))
		return NULL;
	n->xlator = sym->xlator;
	return n->type;
}

/* A place in memory or in a struct variable; the node is checked. */
static bool is_lvalue(const struct node *n)
{
	for (;; n = n->left) {
		switch (n->kind) {
		case NODE_NAME:
			return n->sym && n->sym->kind == SYM_VARIABLE;
		case NODE_UNARY:
			return n->op == OP_DEREF && !n->xlator;
		case NODE_MEMBER:
			if (n->xmember || n->left->xlator)
				return false;
			if (n->op == OP_ARROW)
				return true;
			break;
		case NODE_INDEX:
			if (n->sym)
				return n->sym->kind == SYM_VARIABLE;
			if (n->builtin)
				return false;
			if (type_resolve(n->left->type)->kind != TYPE_ARRAY)
				return true;
			break;
		default:
			return false;
		}
	}
}

static bool may_be_lvalue(const struct node *n)
{
	return n->kind == NODE_NAME || n->kind == NODE_INDEX || n->kind == NODE_MEMBER ||
	       (n->kind == NODE_UNARY && n->op == OP_DEREF);
}

struct type *check_target(struct check *ck, struct node *n, struct type *t, const struct node *from,
			  struct loc at)
{
	if (n->kind == NODE_NAME)
		return target_name(ck, n, t, from);
	if (n->kind == NODE_INDEX && n->left->kind == NODE_NAME) {
		struct symbol *sym = find_symbol(ck, n->left);

		if (!sym && find_builtin(n->left))
			return not_writable(ck, n->left, "built-in variable");
		if (!sym || sym->nkeys > 0)
			return target_index(ck, n, sym, t, from);
	}
	if (may_be_lvalue(n)) {
		if (!check_value(ck, n))
			return NULL;
		if (is_lvalue(n))
			return n->type;
	}
	check_error(ck, at, "D_OP_LVAL",
		    "an assignment needs a variable or a place in memory on its left");
	if (n->kind == NODE_MEMBER && n->left->xlator)
		diag_hint(ck->s->diag, "the members of a translated \"%s\" are read-only",
			  check_typename(ck, n->left->type));
	return NULL;
}
