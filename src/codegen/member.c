/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members, pointers and what is seen through translators.
 *
 * A member of a translated value is its translator's expression, with the
 * translator's identifier bound to the native value.
 */
#include "codegen/cg.h"

#include <string.h>

#include "provider/native.h"

struct binding *cg_binding(struct codegen *cg, const struct symbol *sym)
{
	for (struct binding *b = cg->bindings; b; b = b->outer)
		if (b->sym == sym)
			return b;
	return NULL;
}

void cg_arg(struct codegen *cg, struct node *n, struct value *out)
{
	cg->probe->owner->arg(cg, cg->probe, (int)n->value, out);
}

/* A value of type t at a place. */
void cg_load_value(struct codegen *cg, struct place at, struct type *t, uint32_t bit_offset,
		   uint32_t bit_size, struct value *out)
{
	struct type *r = type_resolve(t);

	if (bit_size) {
		cg_value_int(out, cg_load_bits(cg, at, bit_offset, bit_size, r->is_signed, false));
		return;
	}
	at.off += bit_offset / 8;
	switch (r->kind) {
	case TYPE_STRUCT:
	case TYPE_UNION:
	case TYPE_ARRAY:
		*out = (struct value){.kind = VALUE_STRUCT, .at = at, .nonnull = NONNULL_ALWAYS};
		return;
	case TYPE_POINTER: {
		struct type *to = type_resolve(r->base);
		bool known = at.space == SPACE_BTF && type_is_struct(to) && to->from_kernel;

		/* The verifier follows pointers to structs; what it does not follow is read with a
		 * check. */
		cg_value_pointer(out, known ? SPACE_BTF : SPACE_KERNEL, cg_load(cg, at, 8, false),
				 true);
		return;
	}
	default:
		cg_value_int(out, cg_load(cg, at, r->size ? r->size : 8, r->is_signed));
	}
}

/* What a pointer value points to, NULL being a fault. */
static struct place target(struct codegen *cg, struct value *v)
{
	if (v->kind == VALUE_INT)
		return (struct place){SPACE_KERNEL, v->reg, 0};
	if (v->kind == VALUE_POINTER && v->nonnull != NONNULL_ALWAYS && v->at.space == SPACE_BTF &&
	    !cg_is_nonnull(cg, v->null_reg)) {
		cg_fault_if(cg, IR_EQ, v->null_reg, 0, FLT_BADADDR, -1);
		cg_note_nonnull(cg, v->null_reg);
	}
	return v->at;
}

/* The place that an lvalue expression names. */
void cg_lvalue(struct codegen *cg, struct node *n, struct value *out)
{
	struct place at;
	struct value base;

	switch (n->kind) {
	case NODE_MEMBER:
		if (n->op == OP_ARROW) {
			cg_expr(cg, n->left, &base);
			at = target(cg, &base);
		} else {
			cg_lvalue(cg, n->left, &base);
			at = base.at;
		}
		at.off += n->bit_offset / 8;
		break;
	case NODE_UNARY: /* *p */
		cg_expr(cg, n->left, &base);
		at = target(cg, &base);
		break;
	case NODE_INDEX: {
		uint64_t size = type_resolve(n->type)->size;

		cg_expr(cg, n->left, &base);
		at = target(cg, &base);
		if (n->args->kind == NODE_INT) {
			at.off += (int)(n->args->value * size);
		} else {
			int i = cg_int(cg, n->args), off = ir_reg(cg->ir), addr = ir_reg(cg->ir);

			ir_alui(cg->ir, IR_MUL, off, i, size);
			ir_alu(cg->ir, IR_ADD, addr, cg_address(cg, at), off);
			/* Of a place computed at run time the verifier knows nothing. */
			at = (struct place){SPACE_KERNEL, addr, 0};
		}
		break;
	}
	default:
		cg_expr(cg, n, out);
		return;
	}
	*out = (struct value){.kind = VALUE_STRUCT, .at = at, .nonnull = NONNULL_ALWAYS, .reg = -1};
}

static void translated(struct codegen *cg, struct node *n, struct value *out)
{
	const struct xmember *x = n->xmember;
	struct binding b = {.sym = n->left->xlator->param, .outer = cg->bindings};

	cg_expr(cg, n->left, &b.value);
	cg->bindings = &b;
	cg_expr(cg, x->expr, out);
	if (out->kind == VALUE_INT && type_is_integer(x->type))
		out->reg = cg_convert(cg, out->reg, x->expr->type, x->type);
	cg->bindings = b.outer;
}

void cg_member(struct codegen *cg, struct node *n, struct value *out)
{
	struct value base;
	struct place at;

	if (n->xmember) {
		translated(cg, n, out);
		return;
	}
	if (n->op == OP_ARROW)
		cg_expr(cg, n->left, &base);
	else
		cg_lvalue(cg, n->left, &base);
	if (base.kind == VALUE_OBJECT) {
		native_member(base.native, n->name)->code(cg, out);
		return;
	}
	at = n->op == OP_ARROW ? target(cg, &base) : base.at;
	if (n->bit_size)
		cg_load_value(cg, at, n->type, n->bit_offset, n->bit_size, out);
	else
		cg_load_value(cg, cg_place_at(at, n->bit_offset / 8), n->type, 0, 0, out);
}
