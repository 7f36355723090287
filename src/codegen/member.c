/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Members, pointers and what is seen through translators.
 *
 * A member of a translated value is its translator's expression, with the
 * translator's identifier bound to the native value.
 */
#include "codegen/gen.h"

#include <string.h>

#include "provider/provider.h"

struct binding *gen_binding(const struct emit *e, const struct symbol *sym)
{
	for (struct binding *b = gen(e)->bindings; b; b = b->outer)
		if (b->sym == sym)
			return b;
	return NULL;
}

/* args[i], or argi. */
void gen_arg(struct emit *e, int i, struct value *out)
{
	const struct codegen *cg = gen(e);
	const struct probe *p = emit_probe(e);

	if (i < cg->nargs && i < p->nargs)
		source_value(e, cg->args[i], out);
	else if (p->owner->number)
		p->owner->number(e, p, i, out);
	else
		value_int(out, emit_const(e, 0));
}

const struct object *gen_subject(struct emit *e)
{
	const struct codegen *cg = gen(e);
	int i = cg->fire->way->subject;

	return i ? cg->args[i - 1] : NULL;
}

/* A value of type t at a place. */
void gen_load_value(struct emit *e, struct place at, struct type *t, uint32_t bit_offset,
		    uint32_t bit_size, struct value *out)
{
	struct type *r = type_resolve(t);

	if (bit_size) {
		value_int(out, emit_load_bits(e, at, bit_offset, bit_size, r->is_signed, false));
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
		value_pointer(out, known ? SPACE_BTF : SPACE_KERNEL, emit_load(e, at, 8, false),
			      true);
		return;
	}
	default:
		value_int(out, emit_load(e, at, r->size ? r->size : 8, r->is_signed));
	}
}

/* What a pointer value points to, NULL being a fault. */
static struct place target(struct emit *e, struct value *v)
{
	if (v->kind == VALUE_INT)
		return (struct place){SPACE_KERNEL, v->reg, 0};
	if (v->kind == VALUE_POINTER && v->nonnull == NONNULL_REG && v->at.space == SPACE_BTF &&
	    !emit_is_nonnull(e, v->null_reg)) {
		emit_fault_if(e, IR_EQ, v->null_reg, 0, FLT_BADADDR, -1);
		emit_note_nonnull(e, v->null_reg);
	}
	return v->at;
}

/* The place that an lvalue expression names. */
void gen_lvalue(struct emit *e, struct node *n, struct value *out)
{
	struct place at;
	struct value base;

	switch (n->kind) {
	case NODE_MEMBER:
		if (n->op == OP_ARROW) {
			gen_expr(e, n->left, &base);
			at = target(e, &base);
		} else {
			gen_lvalue(e, n->left, &base);
			at = base.at;
		}
		at.off += n->bit_offset / 8;
		break;
	case NODE_UNARY: /* *p */
		gen_expr(e, n->left, &base);
		at = target(e, &base);
		break;
	case NODE_INDEX: {
		uint64_t size = type_resolve(n->type)->size;

		gen_expr(e, n->left, &base);
		at = target(e, &base);
		if (n->args->kind == NODE_INT) {
			at.off += (int)(n->args->value * size);
		} else {
			int i = emit_int(e, n->args), off = ir_reg(e->ir), addr = ir_reg(e->ir);

			ir_alui(e->ir, IR_MUL, off, i, size);
			ir_alu(e->ir, IR_ADD, addr, emit_address(e, at), off);
			/* Of a place computed at run time the verifier knows nothing. */
			at = (struct place){SPACE_KERNEL, addr, 0};
		}
		break;
	}
	default:
		gen_expr(e, n, out);
		return;
	}
	*out = (struct value){.kind = VALUE_STRUCT, .at = at, .nonnull = NONNULL_ALWAYS, .reg = -1};
}

static void translated(struct emit *e, struct node *n, struct value *out)
{
	const struct xmember *x = n->xmember;
	struct codegen *cg = gen(e);
	struct binding b = {.sym = n->left->xlator->param, .outer = cg->bindings};

	gen_expr(e, n->left, &b.value);
	cg->bindings = &b;
	gen_expr(e, x->expr, out);
	if (out->kind == VALUE_INT && type_is_integer(x->type))
		out->reg = emit_convert(e, out->reg, x->expr->type, x->type);
	cg->bindings = b.outer;
}

void gen_member(struct emit *e, struct node *n, struct value *out)
{
	struct value base;
	struct place at;

	if (n->xmember) {
		translated(e, n, out);
		return;
	}
	if (n->op == OP_ARROW)
		gen_expr(e, n->left, &base);
	else
		gen_lvalue(e, n->left, &base);
	if (base.kind == VALUE_OBJECT) {
		source_member(base.object->source, n->name)->code(e, base.object, out);
		return;
	}
	at = n->op == OP_ARROW ? target(e, &base) : base.at;
	if (n->bit_size)
		gen_load_value(e, at, n->type, n->bit_offset, n->bit_size, out);
	else
		gen_load_value(e, place_at(at, n->bit_offset / 8), n->type, 0, 0, out);
}
