/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Constant folding. A constant is a NODE_INT; its value is kept extended to 64
 * bits after its type, so that constants compare and convert without looking
 * at the type again. Arithmetic is done unsigned: what overflows wraps.
 */
#include <string.h>

#include "lang/check_impl.h"

static bool is_signed(struct type *t)
{
	t = type_resolve(t);
	return (t->kind == TYPE_INT || t->kind == TYPE_ENUM) && t->is_signed;
}

uint64_t fold_convert(uint64_t v, struct type *t)
{
	struct type *r = type_resolve(t);
	unsigned shift;

	if ((r->kind != TYPE_INT && r->kind != TYPE_ENUM) || r->size == 0 || r->size >= 8)
		return v;
	if (r->name && strcmp(r->name, "_Bool") == 0)
		return v != 0;
	shift = 64 - 8 * (unsigned)r->size;
	v <<= shift;
	return r->is_signed ? (uint64_t)((int64_t)v >> shift) : v >> shift;
}

void fold_set(struct node *n, uint64_t v, struct type *t)
{
	struct node *next = n->next;
	struct loc loc = n->loc;

	memset(n, 0, sizeof(*n));
	n->kind = NODE_INT;
	n->loc = loc;
	n->next = next;
	n->type = t;
	n->value = fold_convert(v, t);
}

void fold_unary(struct node *n)
{
	uint64_t v;

	if (n->left->kind != NODE_INT)
		return;
	v = n->left->value;
	switch (n->op) {
	case OP_PLUS:
		break;
	case OP_NEG:
		v = -v;
		break;
	case OP_INVERT:
		v = ~v;
		break;
	case OP_NOT:
		v = !v;
		break;
	default:
		return;
	}
	fold_set(n, v, n->type);
}

/* && || ^^: the left side alone may decide. False: not constant. */
static bool fold_logical(const struct node *n, uint64_t *v)
{
	const struct node *l = n->left, *r = n->right;

	if (l->kind != NODE_INT)
		return false;
	if ((n->op == OP_LAND && !l->value) || (n->op == OP_LOR && l->value)) {
		*v = n->op == OP_LOR;
		return true;
	}
	if (r->kind != NODE_INT)
		return false;
	*v = n->op == OP_LXOR ? !l->value != !r->value : r->value != 0;
	return true;
}

static bool compare(enum op op, int order)
{
	switch (op) {
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	case OP_GE:
		return order >= 0;
	case OP_EQ:
		return order == 0;
	default:
		return order != 0;
	}
}

static uint64_t divide(enum op op, uint64_t l, uint64_t r, bool sign)
{
	if (!sign)
		return op == OP_DIV ? l / r : l % r;
	if ((int64_t)r == -1) /* the machine traps on INT64_MIN / -1 */
		return op == OP_DIV ? -l : 0;
	return (uint64_t)(op == OP_DIV ? (int64_t)l / (int64_t)r : (int64_t)l % (int64_t)r);
}

static uint64_t arithmetic(enum op op, uint64_t l, uint64_t r, struct type *t)
{
	bool sign = is_signed(t);
	unsigned count = (unsigned)(r & (8 * type_resolve(t)->size - 1));

	switch (op) {
	case OP_MUL:
		return l * r;
	case OP_DIV:
	case OP_MOD:
		return divide(op, l, r, sign);
	case OP_ADD:
		return l + r;
	case OP_SUB:
		return l - r;
	case OP_SHL:
		return l << count;
	case OP_SHR:
		return sign ? (uint64_t)((int64_t)l >> count) : l >> count;
	case OP_AND:
		return l & r;
	case OP_XOR:
		return l ^ r;
	default:
		return l | r;
	}
}

static void fold_strings(struct node *n)
{
	const struct node *l = n->left, *r = n->right;

	if (l->kind == NODE_STRING && r->kind == NODE_STRING)
		fold_set(n, compare(n->op, strcmp(l->name, r->name)), n->type);
}

/* n->operand_type is set; a pointer type there is not arithmetic and stays. */
void fold_binary(struct node *n)
{
	struct type *t = n->operand_type;
	uint64_t l, r, v;

	if (n->op == OP_LAND || n->op == OP_LOR || n->op == OP_LXOR) {
		if (fold_logical(n, &v))
			fold_set(n, v, n->type);
		return;
	}
	if (!t)
		return;
	if (type_resolve(t)->kind == TYPE_STRING) {
		fold_strings(n);
		return;
	}
	if (!type_is_integer(t) || n->left->kind != NODE_INT || n->right->kind != NODE_INT)
		return;
	l = fold_convert(n->left->value, t);
	r = n->op == OP_SHL || n->op == OP_SHR ? n->right->value : fold_convert(n->right->value, t);
	if (n->op >= OP_LT && n->op <= OP_NE) {
		int order = is_signed(t) ? ((int64_t)l > (int64_t)r) - ((int64_t)l < (int64_t)r)
					 : (l > r) - (l < r);

		v = compare(n->op, order);
	} else {
		v = arithmetic(n->op, l, r, t);
	}
	fold_set(n, v, n->type);
}

void fold_cond(struct node *n)
{
	struct node *arm;

	if (n->left->kind != NODE_INT)
		return;
	arm = n->left->value ? n->right : n->third;
	if (arm->kind == NODE_INT && type_is_scalar(n->type)) {
		fold_set(n, arm->value, n->type);
	} else if (arm->kind == NODE_STRING) {
		struct node *next = n->next;

		*n = *arm;
		n->next = next;
	}
}

void fold_cast(struct node *n)
{
	if (n->left->kind == NODE_INT && type_is_scalar(n->type))
		fold_set(n, n->left->value, n->type);
}
