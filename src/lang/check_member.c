/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members, indices, addresses, and what is seen through a translator: args[N]
 * and xlate. A value seen through a translator is the native one; node->xlator
 * says by which translator its members are to be read, and a member of it
 * carries the translator's expression (xmember).
 */
#include <string.h>

#include "base/strmap.h"
#include "lang/check_impl.h"

/* While a translation is being checked it counts as failed, for this reason. */
static const char uses_itself[] = "its translation uses itself";

/* What is left of -> or '.', as the user would call it. */
static const char *node_text(struct check *ck, const struct node *n)
{
	if (n->kind == NODE_ARG)
		return arena_printf(ck->s->arena, "args[%d]", (int)n->value);
	if (n->kind == NODE_NAME)
		return n->name;
	return arena_printf(ck->s->arena, "(%s)", check_typename(ck, n->type));
}

static void hint_translators(struct check *ck, struct type *out)
{
	struct buf b = {0};

	for (struct translator *x = ck->s->translators; x; x = x->next)
		if (type_same(x->out, out))
			buf_printf(&b, "%s\"%s\"", b.n ? ", " : "", check_typename(ck, x->in));
	if (b.n)
		diag_hint(ck->s->diag, "\"%s\" can be made of %s", check_typename(ck, out),
			  buf_str(&b));
	else
		diag_hint(ck->s->diag, "there is no translator to \"%s\" at all",
			  check_typename(ck, out));
	buf_free(&b);
}

/* The struct that t, a struct or a pointer to one, is about; NULL if neither. */
static struct type *struct_of(struct type *t)
{
	struct type *r = type_resolve(t);

	if (r->kind == TYPE_POINTER || r->kind == TYPE_ARRAY)
		r = type_resolve(r->base);
	return type_is_struct(r) ? r : NULL;
}

static struct type *no_translator(struct check *ck, const struct node *n, struct type *from,
				  struct type *to)
{
	check_error(ck, n->loc, "D_XLATE_NONE", "translator from \"%s\" to \"%s\" does not exist",
		    check_typename(ck, from), check_typename(ck, to));
	hint_translators(ck, struct_of(to));
	return NULL;
}

struct type *check_xlate(struct check *ck, struct node *n)
{
	struct type *out = struct_of(n->cast_to), *in = check_value(ck, n->left);

	if (!in)
		return NULL;
	if (!out || type_resolve(n->cast_to)->kind == TYPE_ARRAY) {
		check_error(ck, n->loc, "D_XLATE_SOU",
			    "xlate makes a struct or a pointer to one, not \"%s\"",
			    check_typename(ck, n->cast_to));
		return NULL;
	}
	n->xlator = script_translator(ck->s, out, in);
	if (!n->xlator)
		n->xlator = script_translator(ck->s, out, check_decay(ck, in));
	if (!n->xlator && script_read_libraries(ck->s))
		return check_xlate(ck, n);
	if (!n->xlator)
		return no_translator(ck, n, in, n->cast_to);
	return n->type = n->cast_to;
}

static struct type *bad_type(struct check *ck, const struct node *n, const char *text)
{
	check_error(ck, n->loc, "D_TYPE_UNKNOWN",
		    "args[%d] is not available on this kernel: it has no type \"%s\"",
		    (int)n->value, text);
	return NULL;
}

/* args[N], made a NODE_ARG. */
static struct type *type_arg(struct check *ck, struct node *n)
{
	const char *stable_text = ck->args.stable[n->value];
	const char *native_text = ck->args.natives ? ck->args.natives[n->value] : stable_text;
	struct type *stable = check_type_text(ck->s, stable_text);
	struct type *native = check_type_text(ck->s, native_text);

	if (!native)
		return bad_type(ck, n, native_text);
	if (!stable)
		return bad_type(ck, n, stable_text);
	if (type_same(native, stable))
		return n->type = stable;
	if (type_is_scalar(native) && type_is_scalar(stable) && !struct_of(stable))
		return n->type = stable;
	if (struct_of(stable))
		n->xlator = script_translator(ck->s, struct_of(stable), native);
	if (!n->xlator) {
		check_error(ck, n->loc, "D_XLATE_NONE",
			    "args[%d]: translator from \"%s\" to \"%s\" does not exist",
			    (int)n->value, check_typename(ck, native), check_typename(ck, stable));
		if (struct_of(stable))
			hint_translators(ck, struct_of(stable));
		return NULL;
	}
	return n->type = stable;
}

struct type *check_arg(struct check *ck, struct node *n)
{
	struct node *index = n->args;

	if (ck->no_args) {
		check_error(ck, n->loc, "D_ARGS_NONE", "%s", ck->no_args);
		return NULL;
	}
	if (ck->unknown)
		*ck->unknown = true;
	if (ck->args.n <= 0) {
		check_error(ck, n->loc, "D_ARGS_NONE",
			    "args[ ] may not be used here: the probe has no typed arguments");
		return NULL;
	}
	if (!check_value(ck, index))
		return NULL;
	if (index->next || index->kind != NODE_INT || !type_is_integer(index->type)) {
		check_error(ck, index->loc, "D_ARGS_TYPE",
			    "args[ ] takes one integer constant as its index");
		return NULL;
	}
	if (index->value >= (uint64_t)ck->args.n) {
		check_error(ck, index->loc, "D_ARGS_IDX",
			    "args[%lld] may not be used here: probe has %d argument%s",
			    (long long)index->value, ck->args.n, ck->args.n == 1 ? "" : "s");
		return NULL;
	}
	n->kind = NODE_ARG;
	n->value = index->value;
	n->left = n->args = NULL;
	return type_arg(ck, n);
}

static struct type *unknown_member(struct check *ck, const struct node *n, struct type *s,
				   const struct suggest *sg)
{
	check_error(ck, n->loc, "D_TYPE_MEMBER", "%s has no member named %s", check_typename(ck, s),
		    n->name);
	check_suggest(ck, sg);
	return NULL;
}

static struct type *untranslated_member(struct check *ck, const struct node *n, struct type *s)
{
	struct suggest sg, *near = check_suggests(ck, &sg, n->name);
	struct member m;

	for (struct xmember *x = n->left->xlator->members; near && x; x = x->next)
		suggest_offer(near, x->name);
	if (!types_member(ck->s->types, s, n->name, &m, NULL))
		return unknown_member(ck, n, s, near);
	check_error(ck, n->loc, "D_TYPE_MEMBER",
		    "%s has a member %s, but its translator from \"%s\" does not give it",
		    check_typename(ck, s), n->name, check_typename(ck, n->left->xlator->in));
	check_suggest(ck, near);
	return NULL;
}

/* On the first use; m->failed if it can't be had. */
static void check_xmember(struct check *ck, const struct translator *x, struct xmember *m)
{
	const char *why = NULL;

	if (m->checked)
		return;
	m->checked = m->failed = true;
	m->why = uses_itself;
	if (check_apart(ck, m->expr, (struct symbol *[]){x->param}, 1,
			"args[] can't be used in a translator: it has its own parameter", m->type,
			&why)) {
		m->failed = false;
		m->why = NULL;
	} else {
		m->why = why;
	}
}

void check_unused_translators(struct check *ck)
{
	for (struct translator *x = ck->s->translators; x; x = x->next)
		if (x->loc.source && !x->loc.source->is_library)
			for (struct xmember *m = x->members; m; m = m->next)
				check_xmember(ck, x, m);
}

/* A mistake in the program's own translator has been told of, where it stands. */
static bool told_where_used(const struct xmember *m)
{
	bool library = m->loc.source && m->loc.source->is_library;

	return library || m->refused || m->why == uses_itself;
}

static struct type *translated_member(struct check *ck, struct node *n, struct type *s)
{
	const struct translator *x = n->left->xlator;
	struct xmember *m = strmap_get(x->by_name, n->name);

	if (!m)
		return untranslated_member(ck, n, s);
	check_xmember(ck, x, m);
	if (m->failed && told_where_used(m)) {
		check_error(ck, n->loc, "D_XLATE_MEMBER",
			    "%s%s%s is not available on this kernel: %s", node_text(ck, n->left),
			    n->op == OP_ARROW ? "->" : ".", n->name, m->why);
		return NULL;
	}
	if (m->failed) {
		if (!ck->first_error)
			ck->first_error = m->why;
		return NULL;
	}
	n->xmember = m;
	n->xlator = m->expr->xlator;
	return n->type = m->type;
}

static struct type *bad_member_left(struct check *ck, const struct node *n)
{
	const char *op = n->op == OP_ARROW ? "->" : ".";

	check_error(ck, n->loc, n->op == OP_ARROW ? "D_OP_PTR" : "D_OP_SOU",
		    "operator %s needs %s struct or union on its left, not \"%s\"", op,
		    n->op == OP_ARROW ? "a pointer to a" : "a", check_typename(ck, n->left->type));
	if (struct_of(n->left->type))
		diag_hint(ck->s->diag, "use %s", n->op == OP_ARROW ? "." : "->");
	return NULL;
}

struct type *check_member(struct check *ck, struct node *n)
{
	struct suggest sg, *near;
	struct member m;
	struct type *t, *s;

	if (!n->left->type)
		return NULL;
	t = type_resolve(n->left->type);
	if (n->op == OP_ARROW) {
		t = type_resolve(check_decay(ck, t));
		if (t->kind != TYPE_POINTER)
			return bad_member_left(ck, n);
		t = t->base;
	}
	s = type_resolve(t);
	if (s->kind == TYPE_FORWARD) {
		check_error(ck, n->loc, "D_TYPE_MEMBER",
			    "%s is declared but not defined: its members are not known",
			    check_typename(ck, s));
		return NULL;
	}
	if (!type_is_struct(s))
		return bad_member_left(ck, n);
	if (n->left->xlator)
		return translated_member(ck, n, s);
	near = check_suggests(ck, &sg, n->name);
	if (!types_member(ck->s->types, s, n->name, &m, near))
		return unknown_member(ck, n, s, near);
	n->bit_offset = m.bit_offset;
	n->bit_size = m.bit_size;
	return n->type = m.type;
}

/* left[index] of an array or pointer; left is checked. */
struct type *check_index(struct check *ck, struct node *n)
{
	struct node *i = n->args;
	struct type *l, *base;

	if (!n->left->type || !check_value(ck, i))
		return NULL;
	l = type_resolve(n->left->type);
	if (l->kind == TYPE_STRING && !i->next && type_is_integer(i->type))
		return n->type = check_basic(ck, "char");
	if (l->kind != TYPE_ARRAY && l->kind != TYPE_POINTER) {
		check_error(ck, n->loc, "D_OP_ARRFUN",
			    "operator [ ] needs an array or a pointer, not \"%s\"",
			    check_typename(ck, n->left->type));
		return NULL;
	}
	base = type_resolve(l->base);
	if (i->next || !type_is_integer(i->type)) {
		check_error(ck, i->loc, "D_ARR_IDX", "the index of \"%s\" must be one integer",
			    check_typename(ck, n->left->type));
		return NULL;
	}
	if (n->left->xlator || base->kind == TYPE_VOID || base->kind == TYPE_FUNCTION ||
	    base->kind == TYPE_FORWARD) {
		check_error(ck, n->loc, "D_OP_ARRFUN", "cannot index a %s\"%s\"",
			    n->left->xlator ? "translated " : "",
			    check_typename(ck, n->left->type));
		return NULL;
	}
	if (l->kind == TYPE_ARRAY && l->count > 0 && i->kind == NODE_INT && i->value >= l->count) {
		check_error(ck, i->loc, "D_ARR_BOUNDS",
			    "index outside array bounds: %lld, array is %s", (long long)i->value,
			    check_typename(ck, n->left->type));
		return NULL;
	}
	return n->type = l->base;
}

static struct type *address_of_variable(struct check *ck, const struct node *n,
					const struct node *of)
{
	if (type_resolve(of->type)->kind == TYPE_STRING) {
		check_error(ck, n->loc, "D_OP_LVAL",
			    "a string has no address: declare an array of characters");
		return NULL;
	}
	of->sym->has_address = true;
	return types_pointer(ck->s->types, of->type);
}

struct type *check_address(struct check *ck, struct node *n)
{
	struct node *of = n->left;
	bool place = of->kind == NODE_NAME || of->kind == NODE_MEMBER || of->kind == NODE_INDEX ||
		     (of->kind == NODE_UNARY && of->op == OP_DEREF);

	if (of->kind == NODE_KERNEL)
		return check_kernel_address(ck, n);
	if (!place) {
		check_error(ck, n->loc, "D_OP_LVAL",
			    "operator & needs a variable, a member, an array element or what a "
			    "pointer points to");
		return NULL;
	}
	if (!check_value(ck, of))
		return NULL;
	if (of->sym && of->sym->kind == SYM_VARIABLE && !of->xlator)
		return address_of_variable(ck, n, of);
	if (of->kind == NODE_MEMBER && of->bit_size) {
		check_error(ck, n->loc, "D_OP_BITF", "a bit-field has no address: %s", of->name);
		return NULL;
	}
	if (of->kind == NODE_ARG || of->kind == NODE_INT || of->sym || of->builtin) {
		check_error(ck, n->loc, "D_OP_LVAL",
			    "constants, arguments and built-in variables have no address");
		return NULL;
	}
	return types_pointer(ck->s->types, of->type);
}

struct type *check_offsetof(struct check *ck, struct node *n)
{
	struct type *t = n->cast_to;
	uint64_t bits = 0;
	char *path = arena_strdup(ck->s->arena, n->name), *save = NULL;

	for (char *name = strtok_r(path, ".", &save); name; name = strtok_r(NULL, ".", &save)) {
		struct suggest sg, *near = check_suggests(ck, &sg, name);
		struct member m;

		if (!type_is_struct(type_resolve(t))) {
			check_error(ck, n->loc, "D_OFFSETOF_TYPE",
				    "offsetof needs a struct or union, not \"%s\"",
				    check_typename(ck, t));
			return NULL;
		}
		if (!types_member(ck->s->types, type_resolve(t), name, &m, near)) {
			check_error(ck, n->loc, "D_TYPE_MEMBER", "%s has no member named %s",
				    check_typename(ck, t), name);
			check_suggest(ck, near);
			return NULL;
		}
		if (m.bit_size) {
			check_error(ck, n->loc, "D_OFFSETOF_BITF",
				    "cannot take the offset of a bit-field: %s", name);
			return NULL;
		}
		bits += m.bit_offset;
		t = m.type;
	}
	fold_set(n, bits / 8, check_basic(ck, "unsigned long"));
	return n->type;
}
