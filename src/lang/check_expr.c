/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Operators and conversions. A chain that leans to the left (a + b + c …,
 * p->q->r …) is walked with a stack on the heap, everything else by recursion,
 * whose depth is bounded.
 */
#include <string.h>

#include "base/vec.h"
#include "lang/check_impl.h"

/* Operators as written, for messages. */
static const char *const op_names[] = {
	[OP_NONE] = "=",    [OP_MUL] = "*",	 [OP_DIV] = "/",      [OP_MOD] = "%",
	[OP_ADD] = "+",	    [OP_SUB] = "-",	 [OP_SHL] = "<<",     [OP_SHR] = ">>",
	[OP_LT] = "<",	    [OP_LE] = "<=",	 [OP_GT] = ">",	      [OP_GE] = ">=",
	[OP_EQ] = "==",	    [OP_NE] = "!=",	 [OP_AND] = "&",      [OP_XOR] = "^",
	[OP_OR] = "|",	    [OP_LAND] = "&&",	 [OP_LXOR] = "^^",    [OP_LOR] = "||",
	[OP_COMMA] = ",",   [OP_PLUS] = "+",	 [OP_NEG] = "-",      [OP_NOT] = "!",
	[OP_INVERT] = "~",  [OP_DEREF] = "*",	 [OP_ADDR] = "&",     [OP_PREINC] = "++",
	[OP_PREDEC] = "--", [OP_POSTINC] = "++", [OP_POSTDEC] = "--", [OP_STRINGOF] = "stringof",
	[OP_DOT] = ".",	    [OP_ARROW] = "->",
};

static struct type *incompatible(struct check *ck, const struct node *n, const struct node *l,
				 const struct node *r)
{
	check_error(ck, n->loc, "D_OP_INCOMPAT",
		    "operands have incompatible types: \"%s\" %s \"%s\"",
		    check_typename(ck, l->type), op_names[n->op], check_typename(ck, r->type));
	if (type_is_string(l->type) && check_is_null(r))
		diag_hint(ck->s->diag, "compare a string with \"\"");
	return NULL;
}

/* An integer that arithmetic can work on. */
static bool is_arith(struct type *t)
{
	return type_is_integer(t) && type_resolve(t)->size <= 8;
}

static bool is_pointer(struct check *ck, struct type *t)
{
	return type_resolve(check_decay(ck, t))->kind == TYPE_POINTER;
}

static bool is_null_or_int(const struct node *n)
{
	return check_is_null(n) || is_arith(n->type);
}

static bool require_integer(struct check *ck, const struct node *n, const struct node *operand)
{
	if (is_arith(operand->type))
		return true;
	check_error(ck, operand->loc, "D_OP_INT",
		    "operator %s needs operands of integral type, not \"%s\"", op_names[n->op],
		    check_typename(ck, operand->type));
	if (type_resolve(operand->type)->kind == TYPE_FLOAT)
		diag_hint(ck->s->diag, "there is no floating-point arithmetic in a probe");
	return false;
}

bool check_scalar(struct check *ck, const struct node *n, const char *what)
{
	if (is_arith(n->type) || type_resolve(n->type)->kind == TYPE_POINTER)
		return true;
	check_error(ck, n->loc, "D_OP_SCALAR", "%s must be of scalar type, not \"%s\"", what,
		    check_typename(ck, n->type));
	if (type_is_string(n->type))
		diag_hint(ck->s->diag, "compare a string with \"\"");
	return false;
}

struct type *check_condition(struct check *ck, struct node *n, const char *what)
{
	if (!check_value(ck, n) || !check_scalar(ck, n, what))
		return NULL;
	return n->type;
}

struct type *check_value(struct check *ck, struct node *n)
{
	struct type *t = check_expr(ck, n);

	if (!t)
		return NULL;
	if (type_resolve(t)->kind == TYPE_VOID) {
		check_error(ck, n->loc, "D_OP_VOID", "this gives no value");
		return NULL;
	}
	if (n->xlator && type_is_struct(t)) {
		check_error(ck, n->loc, "D_XLATE_REF",
			    "a translated \"%s\" has no value as a whole: use its members",
			    check_typename(ck, t));
		return NULL;
	}
	return t;
}

static bool refuse_translated(struct check *ck, const struct node *n, const struct node *operand)
{
	if (!operand->xlator)
		return true;
	check_error(ck, operand->loc, "D_XLATE_REF",
		    "operator %s can't be applied to a translated \"%s\": use its members",
		    op_names[n->op], check_typename(ck, operand->type));
	return false;
}

/* p + i, i + p, p - i. operand_type is the pointer's: the integer counts elements. */
static struct type *check_pointer_arith(struct check *ck, struct node *n, struct node *l,
					struct node *r)
{
	struct node *p = is_pointer(ck, l->type) ? l : r, *i = p == l ? r : l;
	struct type *t = type_resolve(check_decay(ck, p->type));

	if (type_resolve(p->type)->kind == TYPE_STRING)
		return incompatible(ck, n, l, r);
	if (!is_arith(i->type) || (n->op == OP_SUB && p == r) ||
	    (n->op != OP_ADD && n->op != OP_SUB))
		return incompatible(ck, n, l, r);
	if (!refuse_translated(ck, n, p))
		return NULL;
	if (type_resolve(t->base)->size == 0) {
		check_error(ck, n->loc, "D_OP_INCOMPAT",
			    "the size of what \"%s\" points to is not known",
			    check_typename(ck, p->type));
		if (type_resolve(t->base)->kind == TYPE_VOID)
			diag_hint(ck->s->diag, "cast it: (char *) counts bytes");
		return NULL;
	}
	return n->operand_type = check_decay(ck, p->type);
}

static struct type *check_pointer_difference(struct check *ck, struct node *n, struct node *l,
					     struct node *r)
{
	struct type *a = check_decay(ck, l->type), *b = check_decay(ck, r->type);

	if (!refuse_translated(ck, n, l) || !refuse_translated(ck, n, r))
		return NULL;
	if (!check_pointers_agree(a, b))
		return incompatible(ck, n, l, r);
	n->operand_type = a;
	return check_basic(ck, "long");
}

static bool divides_by_zero(struct check *ck, const struct node *n, const struct node *r)
{
	if ((n->op != OP_DIV && n->op != OP_MOD) || r->kind != NODE_INT || r->value != 0)
		return false;
	check_error(ck, r->loc, "D_DIV_ZERO", "expression contains division by zero");
	return true;
}

/* The arithmetic operators, also of op=: gives the type of l op r and sets operand_type. */
static struct type *check_arith(struct check *ck, struct node *n, struct node *l, struct node *r)
{
	if (is_arith(l->type) && is_arith(r->type)) {
		struct type *a = check_promote(ck, l), *b = check_promote(ck, r);

		if (divides_by_zero(ck, n, r))
			return NULL;
		if (n->op == OP_SHL || n->op == OP_SHR)
			return n->operand_type = a;
		return n->operand_type = check_common(ck, a, b);
	}
	if (n->op == OP_SUB && is_pointer(ck, l->type) && is_pointer(ck, r->type))
		return check_pointer_difference(ck, n, l, r);
	if ((n->op == OP_ADD || n->op == OP_SUB) &&
	    (is_pointer(ck, l->type) || is_pointer(ck, r->type)))
		return check_pointer_arith(ck, n, l, r);
	if (require_integer(ck, n, l))
		require_integer(ck, n, r);
	return NULL;
}

/* string == NULL: a string that does not exist is an empty one. */
static void compare_with_none(struct check *ck, const struct node *string, struct node *null)
{
	if (type_resolve(string->type)->kind == TYPE_STRING && check_is_null(null) &&
	    type_resolve(null->type)->kind == TYPE_POINTER)
		check_empty_string(ck, null);
}

static struct type *check_compare(struct check *ck, struct node *n)
{
	struct node *l = n->left, *r = n->right;

	if (n->op == OP_EQ || n->op == OP_NE) {
		compare_with_none(ck, l, r);
		compare_with_none(ck, r, l);
	}
	if ((type_is_string(l->type) || type_is_string(r->type)) && check_is_strcompat(l->type) &&
	    check_is_strcompat(r->type)) {
		check_to_string(ck, l);
		check_to_string(ck, r);
		n->operand_type = check_basic(ck, "string");
	} else if (is_arith(l->type) && is_arith(r->type)) {
		n->operand_type = check_common(ck, check_promote(ck, l), check_promote(ck, r));
	} else if (is_pointer(ck, l->type) && is_pointer(ck, r->type)) {
		if (!check_is_null(l) && !check_is_null(r) &&
		    !check_pointers_agree(check_decay(ck, l->type), check_decay(ck, r->type)))
			return incompatible(ck, n, l, r);
		n->operand_type = check_basic(ck, "unsigned long");
	} else if ((is_pointer(ck, l->type) && is_null_or_int(r)) ||
		   (is_pointer(ck, r->type) && is_null_or_int(l))) {
		n->operand_type = check_basic(ck, "unsigned long");
	} else {
		return incompatible(ck, n, l, r);
	}
	return check_basic(ck, "int");
}

/* The left side is checked already: see check_expr(). */
static struct type *check_binary(struct check *ck, struct node *n)
{
	struct node *l = n->left, *r = n->right;
	struct type *t;

	if (n->op == OP_COMMA)
		return n->type = check_value(ck, r);
	if (!check_value(ck, r) || !l->type)
		return NULL;
	if (n->op == OP_LAND || n->op == OP_LOR || n->op == OP_LXOR) {
		const char *what = arena_printf(ck->s->arena, "operand of %s", op_names[n->op]);

		if (!check_scalar(ck, l, what) || !check_scalar(ck, r, what))
			return NULL;
		t = check_basic(ck, "int");
	} else if (n->op >= OP_LT && n->op <= OP_NE) {
		t = check_compare(ck, n);
	} else {
		t = check_arith(ck, n, l, r);
	}
	n->type = t;
	if (t)
		fold_binary(n);
	return t;
}

static struct type *check_deref(struct check *ck, struct node *n)
{
	struct type *t = type_resolve(check_decay(ck, n->left->type)), *base;

	if (t->kind != TYPE_POINTER) {
		check_error(ck, n->loc, "D_OP_PTR", "operator * needs a pointer, not \"%s\"",
			    check_typename(ck, n->left->type));
		return NULL;
	}
	base = type_resolve(t->base);
	if (base->kind == TYPE_VOID || base->kind == TYPE_FUNCTION || base->kind == TYPE_FORWARD) {
		check_error(ck, n->loc, "D_OP_PTR", "cannot dereference a pointer to \"%s\"",
			    check_typename(ck, t->base));
		if (base->kind == TYPE_VOID)
			diag_hint(ck->s->diag, "cast it to a pointer to what is there");
		return NULL;
	}
	n->xlator = n->left->xlator;
	return t->base;
}

/* ++ and --: they may declare what they count. */
static struct type *check_step(struct check *ck, struct node *n)
{
	struct type *t =
		check_target(ck, n->left, types_typedef(ck->s->types, "int64_t"), NULL, n->loc);

	if (!t)
		return NULL;
	if (!is_arith(t) && type_resolve(t)->kind != TYPE_POINTER) {
		check_error(ck, n->loc, "D_OP_SCALAR",
			    "operator %s needs an integer or a pointer, not \"%s\"",
			    op_names[n->op], check_typename(ck, t));
		return NULL;
	}
	return refuse_translated(ck, n, n->left) ? t : NULL;
}

static struct type *check_stringof(struct check *ck, struct node *n, struct node *of)
{
	struct type *t = check_decay(ck, of->type);

	if (!type_is_string(of->type) && !type_is_scalar(t)) {
		check_error(ck, n->loc, "D_STRINGOF_TYPE",
			    "cannot make a string of a value of type \"%s\"",
			    check_typename(ck, of->type));
		return NULL;
	}
	return refuse_translated(ck, n, of) ? check_basic(ck, "string") : NULL;
}

static struct type *check_unary(struct check *ck, struct node *n)
{
	struct type *t = NULL;

	switch (n->op) {
	case OP_PREINC:
	case OP_PREDEC:
	case OP_POSTINC:
	case OP_POSTDEC:
		return n->type = check_step(ck, n);
	case OP_ADDR:
		return n->type = check_address(ck, n);
	case OP_DEREF:
		return n->type = check_value(ck, n->left) ? check_deref(ck, n) : NULL;
	default:
		break;
	}
	if (!check_value(ck, n->left))
		return NULL;
	if (n->op == OP_STRINGOF)
		return n->type = check_stringof(ck, n, n->left);
	if (n->op == OP_NOT)
		t = check_scalar(ck, n->left, "operand of !") ? check_basic(ck, "int") : NULL;
	else if (require_integer(ck, n, n->left))
		t = check_promote(ck, n->left);
	n->type = t;
	if (t)
		fold_unary(n);
	return t;
}

/* Both arms through one translator, or one of them NULL. */
static bool check_cond_xlator(struct check *ck, struct node *n)
{
	struct node *a = n->right, *b = n->third;

	if (a->xlator != b->xlator && !check_is_null(a) && !check_is_null(b)) {
		check_error(
			ck, n->loc, "D_XLATE_REF",
			"the two values of ?: are seen through different translators: choose between members");
		return false;
	}
	n->xlator = a->xlator ? a->xlator : b->xlator;
	return true;
}

static struct type *cond_type(struct check *ck, struct node *n)
{
	struct node *a = n->right, *b = n->third;
	struct type *x = check_decay(ck, a->type), *y = check_decay(ck, b->type);
	bool px = type_resolve(x)->kind == TYPE_POINTER, py = type_resolve(y)->kind == TYPE_POINTER;

	if ((type_is_string(a->type) || type_is_string(b->type)) && check_is_strcompat(a->type) &&
	    check_is_strcompat(b->type)) {
		check_to_string(ck, a);
		check_to_string(ck, b);
		return check_basic(ck, "string");
	}
	if (type_is_string(a->type) || type_is_string(b->type))
		return NULL;
	if (is_arith(x) && is_arith(y))
		return check_common(ck, check_promote(ck, a), check_promote(ck, b));
	if (px && check_is_null(b))
		return x;
	if (py && check_is_null(a))
		return y;
	if (px && py && check_pointers_agree(x, y))
		return type_resolve(type_resolve(x)->base)->kind == TYPE_VOID ? x : y;
	return type_same(x, y) ? x : NULL;
}

static struct type *check_cond(struct check *ck, struct node *n)
{
	struct type *c = check_condition(ck, n->left, "condition of ?:");
	struct type *a = check_value(ck, n->right), *b = check_value(ck, n->third), *t;

	if (!c || !a || !b)
		return NULL;
	t = cond_type(ck, n);
	if (!t) {
		check_error(ck, n->loc, "D_OP_INCOMPAT",
			    "the two values of ?: have incompatible types: \"%s\" : \"%s\"",
			    check_typename(ck, a), check_typename(ck, b));
		if (type_is_string(a) || type_is_string(b))
			diag_hint(ck->s->diag,
				  "the other value of a string is a string, \"\" for none");
		return NULL;
	}
	if (!check_cond_xlator(ck, n))
		return NULL;
	n->type = n->operand_type = t;
	fold_cond(n);
	return n->type;
}

static struct type *check_cast(struct check *ck, struct node *n)
{
	struct type *to = type_resolve(n->cast_to), *from;

	if (to->kind == TYPE_VOID)
		return n->type = check_expr(ck, n->left) ? n->cast_to : NULL;
	if (!check_value(ck, n->left))
		return NULL;
	if (to->kind == TYPE_STRING) {
		n->kind = NODE_UNARY;
		n->op = OP_STRINGOF;
		return n->type = check_stringof(ck, n, n->left);
	}
	from = type_resolve(check_decay(ck, n->left->type));
	if (type_is_scalar(to) && (is_arith(from) || from->kind == TYPE_POINTER)) {
		n->type = n->cast_to;
		fold_cast(n);
		return n->type;
	}
	if (type_is_struct(to) && type_same(to, from))
		return n->type = n->cast_to;
	check_error(ck, n->loc, "D_CAST_INVAL", "invalid cast: \"%s\" to \"%s\"",
		    check_typename(ck, n->left->type), check_typename(ck, n->cast_to));
	if (to->kind == TYPE_INT && type_is_string(n->left->type))
		diag_hint(ck->s->diag, "strtoll() reads a number from a string");
	return NULL;
}

static struct type *check_sizeof(struct check *ck, struct node *n)
{
	struct type *t = n->cast_to, *r;
	uint64_t size;

	if (!t) {
		t = check_expr(ck, n->left);
		if (!t)
			return NULL;
	}
	r = type_resolve(t);
	if (r->kind == TYPE_VOID || r->kind == TYPE_FUNCTION || r->kind == TYPE_FORWARD) {
		check_error(ck, n->loc, "D_SIZEOF_TYPE",
			    "cannot apply sizeof to \"%s\": its size is not known",
			    check_typename(ck, t));
		return NULL;
	}
	if (n->left && n->left->kind == NODE_MEMBER && n->left->bit_size) {
		check_error(ck, n->loc, "D_SIZEOF_BITF", "cannot apply sizeof to a bit-field");
		return NULL;
	}
	size = n->left && n->left->kind == NODE_STRING ? n->left->length + 1 : r->size;
	fold_set(n, size, check_basic(ck, "unsigned long"));
	return n->type;
}

/* A translated struct, which is assigned member by member. */
static bool is_translated_struct(const struct node *n)
{
	return n->xlator && n->type && type_is_struct(type_resolve(n->type));
}

/* n->args become the members of r, as its translator gives them. */
static bool expand_translated(struct check *ck, struct node *n, struct node *r)
{
	struct node **tail = &n->args;
	bool ok = true;

	for (const struct xmember *x = r->xlator->members; x; x = x->next) {
		struct node *m = node_new(ck->s, NODE_MEMBER, r->loc);

		m->op = OP_DOT;
		m->left = r;
		m->name = x->name;
		ok &= check_member(ck, m) != NULL;
		*tail = m;
		tail = &m->next;
	}
	if (!ok)
		diag_hint(ck->s->diag, "assign the members that you need");
	return ok;
}

static struct type *check_assigned(struct check *ck, const struct node *n, struct node *r)
{
	struct type *t;

	if (n->op != OP_NONE)
		return check_value(ck, r);
	t = check_expr(ck, r);
	return !t || is_translated_struct(r) ? t : check_value(ck, r);
}

/* l = r and l op= r. An assignment is an expression: its value is that of l. */
static struct type *check_assign(struct check *ck, struct node *n)
{
	struct node *l = n->left, *r = n->right;
	struct type *from = check_assigned(ck, n, r), *t;
	bool whole = from && is_translated_struct(r), clears;

	if (from && type_is_string(from) && type_resolve(from)->kind == TYPE_ARRAY)
		from = check_basic(ck, "string");
	t = check_target(ck, l, from, whole ? NULL : r, n->loc);
	if (!t || !from)
		return NULL;
	if (n->op != OP_NONE) {
		if (!check_arith(ck, n, l, r))
			return NULL;
		if (is_arith(t) || n->operand_type == check_decay(ck, t))
			return n->type = t;
		return incompatible(ck, n, l, r);
	}
	clears = check_is_null(r) &&
		 (type_resolve(t)->kind == TYPE_STRING || type_is_struct(type_resolve(t)));
	if (!clears && !check_assignable(ck, t, r)) {
		incompatible(ck, n, l, r);
		if (type_resolve(t)->kind == TYPE_INT && is_pointer(ck, r->type))
			diag_hint(ck->s->diag,
				  "to keep an address as a number, cast it: (uintptr_t)");
		else if (type_resolve(t)->kind == TYPE_POINTER)
			diag_hint(ck->s->diag, "cast it: (%s)", check_typename(ck, t));
		return NULL;
	}
	if (whole && !expand_translated(ck, n, r))
		return NULL;
	return n->type = t;
}

static struct type *check_leaf(struct check *ck, struct node *n)
{
	switch (n->kind) {
	case NODE_INT:
		if (!n->type)
			n->type = check_basic(ck, n->value <= INT32_MAX ? "int" : "long");
		n->value = fold_convert(n->value, n->type);
		return n->type;
	case NODE_STRING:
		return n->type = check_basic(ck, "string");
	case NODE_NAME:
		return check_name(ck, n);
	case NODE_KERNEL:
		return check_kernel(ck, n);
	case NODE_UNARY:
		return check_unary(ck, n);
	case NODE_ASSIGN:
		return check_assign(ck, n);
	case NODE_COND:
		return check_cond(ck, n);
	case NODE_CALL:
		return check_call(ck, n);
	case NODE_INDEX:
		return check_index_name(ck, n);
	case NODE_CAST:
		return check_cast(ck, n);
	case NODE_SIZEOF:
		return check_sizeof(ck, n);
	case NODE_OFFSETOF:
		return check_offsetof(ck, n);
	case NODE_XLATE:
		return check_xlate(ck, n);
	case NODE_ARG:
		return n->type;
	case NODE_AGG:
		check_error(
			ck, n->loc, "D_AGG_EXPR",
			"the aggregation @%s can't be used in an expression: its value is known to the consumer only",
			n->name);
		diag_hint(ck->s->diag, "print it with printa()");
		return NULL;
	default:
		check_error(ck, n->loc, "D_SYNTAX", "an expression is expected here");
		return NULL;
	}
}

/* Kinds whose left side is checked before they are, by check_expr(). */
static bool leans_left(const struct node *n)
{
	return n->kind == NODE_BINARY || n->kind == NODE_MEMBER ||
	       (n->kind == NODE_INDEX && n->left->kind != NODE_NAME);
}

/* void is no operand, but may stand left of a comma; a translated struct may stand left of '.'. */
static bool is_left_operand(struct check *ck, const struct node *n)
{
	const struct node *l = n->left;

	if (!l->type || (n->kind == NODE_BINARY && n->op == OP_COMMA))
		return true;
	if (type_resolve(l->type)->kind == TYPE_VOID) {
		check_error(ck, l->loc, "D_OP_VOID", "this gives no value");
		return false;
	}
	return n->kind != NODE_BINARY || !type_is_struct(l->type) || refuse_translated(ck, n, l);
}

static struct type *check_upper(struct check *ck, struct node *n)
{
	if (!is_left_operand(ck, n))
		return NULL;
	if (n->kind == NODE_BINARY)
		return check_binary(ck, n);
	if (n->kind == NODE_MEMBER)
		return check_member(ck, n);
	return check_index(ck, n);
}

struct type *check_expr(struct check *ck, struct node *n)
{
	VEC(struct node *) chain = {0};
	struct node *m = n;

	if (n->type && n->kind != NODE_INT && n->kind != NODE_STRING)
		return n->type; /* of an inline or translator, checked before */
	if (ck->depth >= CHECK_DEPTH_MAX) {
		check_error(ck, n->loc, "D_NEST", "the expression is nested too deeply");
		return NULL;
	}
	ck->depth++;
	for (; leans_left(m); m = m->left)
		vec_push(&chain, m);
	check_leaf(ck, m);
	for (size_t i = chain.n; i-- > 0;)
		check_upper(ck, chain.at[i]);
	vec_free(&chain);
	ck->depth--;
	return n->type;
}
