/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The values of constant expressions where the parser itself needs them: sizes
 * of arrays, widths of bit-fields, enumerators.  Arithmetic is of 64 bits,
 * signed unless an operand is an unsigned constant of 64 bits.
 */
#include <stdint.h>
#include <string.h>

#include "base/strmap.h"
#include "lang/parser.h"

#define MAX_INLINES 64 /* within one another */

struct eval {
	struct parser *p;
	int depth; /* of inlines */
};

static bool eval(struct eval *e, const struct node *n, int64_t *out);

static bool eval_name(struct eval *e, const struct node *n, int64_t *out)
{
	struct parser *p = e->p;
	struct enumerator *own = p->enums ? strmap_get(p->enums, n->name) : NULL;
	struct symbol *sym;
	struct type *type;
	bool ok;

	if (n->scope != SCOPE_GLOBAL)
		return false;
	if (own) {
		*out = own->value;
		return true;
	}
	sym = strmap_get(p->s->globals, n->name);
	if (!sym)
		return types_enumerator(p->s->types, n->name, out, &type);
	if (sym->kind != SYM_INLINE || sym->nkeys || !sym->expr || e->depth >= MAX_INLINES)
		return false;
	e->depth++;
	ok = eval(e, sym->expr, out);
	e->depth--;
	return ok;
}

static bool eval_unary(struct eval *e, const struct node *n, int64_t *out)
{
	int64_t v;

	if (!eval(e, n->left, &v))
		return false;
	switch (n->op) {
	case OP_PLUS:
		*out = v;
		return true;
	case OP_NEG:
		*out = (int64_t)(0 - (uint64_t)v);
		return true;
	case OP_NOT:
		*out = !v;
		return true;
	case OP_INVERT:
		*out = ~v;
		return true;
	default:
		return false;
	}
}

static bool is_u64(const struct node *n)
{
	return n->kind == NODE_INT && n->type && !n->type->is_signed && n->type->size == 8;
}

static bool eval_binary(struct eval *e, const struct node *n, int64_t *out)
{
	bool wide = is_u64(n->left) || is_u64(n->right);
	uint64_t a, b;
	int64_t x, y;

	if (!eval(e, n->left, &x) || !eval(e, n->right, &y))
		return false;
	a = (uint64_t)x;
	b = (uint64_t)y;
	if ((n->op == OP_DIV || n->op == OP_MOD) && (y == 0 || (x == INT64_MIN && y == -1)))
		return false;
	// clang-format off
	switch (n->op) {
	case OP_MUL: *out = (int64_t)(a * b); break;
	case OP_DIV: *out = wide ? (int64_t)(a / b) : x / y; break;
	case OP_MOD: *out = wide ? (int64_t)(a % b) : x % y; break;
	case OP_ADD: *out = (int64_t)(a + b); break;
	case OP_SUB: *out = (int64_t)(a - b); break;
	case OP_SHL: *out = (int64_t)(a << (b & 63)); break;
	case OP_SHR: *out = wide ? (int64_t)(a >> (b & 63)) : x >> (b & 63); break;
	case OP_LT: *out = wide ? a < b : x < y; break;
	case OP_LE: *out = wide ? a <= b : x <= y; break;
	case OP_GT: *out = wide ? a > b : x > y; break;
	case OP_GE: *out = wide ? a >= b : x >= y; break;
	case OP_EQ: *out = x == y; break;
	case OP_NE: *out = x != y; break;
	case OP_AND: *out = x & y; break;
	case OP_XOR: *out = x ^ y; break;
	case OP_OR: *out = x | y; break;
	case OP_LAND: *out = x && y; break;
	case OP_LXOR: *out = !x != !y; break;
	case OP_LOR: *out = x || y; break;
	default: return false;
	}
	// clang-format on
	return true;
}

static bool eval_cast(struct eval *e, const struct node *n, int64_t *out)
{
	struct type *t = type_resolve(n->cast_to);
	int shift;

	if (!type_is_integer(t) || !t->size || !eval(e, n->left, out))
		return false;
	shift = t->size < 8 ? 64 - 8 * (int)t->size : 0;
	if (t->is_signed)
		*out = (int64_t)((uint64_t)*out << shift) >> shift;
	else
		*out = (int64_t)((uint64_t)*out << shift >> shift);
	return true;
}

static bool eval_offsetof(struct eval *e, const struct node *n, int64_t *out)
{
	struct type *t = n->cast_to;
	const char *from = n->name, *dot;
	struct member m;
	int64_t bits = 0;

	do {
		dot = strchr(from, '.');
		if (!types_member(e->p->s->types, t,
				  arena_strndup(e->p->s->arena, from,
						dot ? (size_t)(dot - from) : strlen(from)),
				  &m, NULL))
			return false;
		bits += m.bit_offset;
		t = m.type;
		from = dot ? dot + 1 : NULL;
	} while (from);
	*out = bits / 8;
	return bits % 8 == 0;
}

static bool eval(struct eval *e, const struct node *n, int64_t *out)
{
	switch (n->kind) {
	case NODE_INT:
		*out = (int64_t)n->value;
		return true;
	case NODE_NAME:
		return eval_name(e, n, out);
	case NODE_UNARY:
		return eval_unary(e, n, out);
	case NODE_BINARY:
		return eval_binary(e, n, out);
	case NODE_COND:
		return eval(e, n->left, out) && eval(e, *out ? n->right : n->third, out);
	case NODE_CAST:
		return eval_cast(e, n, out);
	case NODE_SIZEOF:
		if (!n->cast_to)
			return false;
		types_complete(e->p->s->types, n->cast_to);
		*out = (int64_t)type_resolve(n->cast_to)->size;
		return true;
	case NODE_OFFSETOF:
		return eval_offsetof(e, n, out);
	default:
		return false;
	}
}

bool parse_constant(struct parser *p, const struct node *n, const char *tag, const char *what,
		    int64_t *out)
{
	struct eval e = {.p = p};

	if (eval(&e, n, out))
		return true;
	parser_error(p, n->loc, tag, "%s must be a constant integer expression", what);
	return false;
}
