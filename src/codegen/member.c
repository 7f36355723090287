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
	case TYPE_STRING:
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

/*
 * Memory of ours that is counted from by a number: past its end the verifier
 * takes no address, so what is there becomes a number, too.
 */
struct place gen_beyond(struct emit *e, struct place at)
{
	if (at.space != SPACE_MAP && at.space != SPACE_STACK)
		return at;
	return (struct place){SPACE_KERNEL, emit_number_of(e, at), 0};
}

static struct place element_of_pointer(struct emit *e, struct place at, struct node *index,
				       uint64_t size)
{
	int i, off, addr;

	if (index->kind == NODE_INT) {
		if (index->value)
			at = gen_beyond(e, at);
		at.off += (int)(index->value * size);
		return at;
	}
	i = emit_int(e, index);
	off = ir_reg(e->ir);
	addr = ir_reg(e->ir);
	ir_alui(e->ir, IR_MUL, off, i, (int64_t)size);
	ir_alu(e->ir, IR_ADD, addr, emit_address(e, gen_beyond(e, at)), off);
	/* Of a place computed at run time the verifier knows nothing. */
	return (struct place){SPACE_KERNEL, addr, 0};
}

/* Where it would be, for the fault's sake. */
static int address_of_element(struct emit *e, struct place at, int i, uint64_t size)
{
	int off = ir_reg(e->ir), addr = ir_reg(e->ir);

	ir_alui(e->ir, IR_MUL, off, i, (int64_t)size);
	ir_alu(e->ir, IR_ADD, addr, emit_number_of(e, at), off);
	return addr;
}

/* if (i >= count) fault; at + i * size */
static struct place element_of_array(struct emit *e, struct place at, struct node *index,
				     const struct type *array, uint64_t size)
{
	int i, off, addr, ok;
	size_t mark;

	if (at.space != SPACE_MAP || !array->count)
		return element_of_pointer(e, at, index, size);
	if (index->kind == NODE_INT)
		return place_at(at, (int)(index->value * size));
	i = emit_int(e, index);
	off = ir_reg(e->ir);
	addr = ir_reg(e->ir);
	ir_mov(e->ir, off, i);
	/* the address is the fault's alone */
	ok = ir_label(e->ir);
	ir_branchi(e->ir, IR_ULT, off, (int64_t)array->count, ok);
	mark = emit_scope(e);
	emit_fault_if(e, IR_UGE, off, (int64_t)array->count, FLT_BADADDR,
		      address_of_element(e, at, i, size));
	emit_scope_end(e, mark);
	ir_place(e->ir, ok);
	ir_alui(e->ir, IR_MUL, off, off, (int64_t)size);
	ir_alu(e->ir, IR_ADD, addr, emit_address(e, at), off);
	return (struct place){SPACE_MAP, addr, 0};
}

static struct place lvalue(struct emit *e, struct node *n, bool write);

static struct place pointed_to(struct emit *e, struct node *n)
{
	struct value base;

	gen_expr(e, n, &base);
	return target(e, &base);
}

static struct place lvalue_of_index(struct emit *e, struct node *n, bool write)
{
	struct type *left = type_resolve(n->left->type);
	uint64_t size = type_resolve(n->type)->size;

	if (left->kind == TYPE_ARRAY)
		return element_of_array(e, lvalue(e, n->left, write), n->args, left, size);
	return element_of_pointer(e, pointed_to(e, n->left), n->args, size);
}

static bool is_variable_as_in_c(const struct node *n)
{
	return n->sym && n->sym->kind == SYM_VARIABLE && gen_place(n->sym)->as_in_c;
}

/* Not a variable, nor what a translator or a function gives. */
static bool names_place(const struct node *n)
{
	switch (n->kind) {
	case NODE_MEMBER:
		return !n->xmember;
	case NODE_UNARY:
		return n->op == OP_DEREF && !n->xlator;
	case NODE_INDEX:
		return !n->sym && !n->builtin;
	default:
		return false;
	}
}

static struct place lvalue(struct emit *e, struct node *n, bool write)
{
	struct place at;
	struct value v;

	if (!names_place(n)) {
		if (is_variable_as_in_c(n))
			return gen_variable_at(e, n, write);
		gen_expr(e, n, &v);
		return v.at;
	}
	if (n->kind == NODE_UNARY)
		return pointed_to(e, n->left);
	if (n->kind == NODE_INDEX)
		return lvalue_of_index(e, n, write);
	at = n->op == OP_ARROW ? pointed_to(e, n->left) : lvalue(e, n->left, write);
	return place_at(at, (int)(n->bit_offset / 8));
}

/* The place that an lvalue expression names. */
void gen_lvalue(struct emit *e, struct node *n, struct value *out)
{
	if (!names_place(n) && !is_variable_as_in_c(n)) {
		gen_expr(e, n, out);
		return;
	}
	*out = (struct value){.kind = VALUE_STRUCT,
			      .at = lvalue(e, n, false),
			      .nonnull = NONNULL_ALWAYS,
			      .reg = -1};
}

/* Offsets in instructions have 16 bits. */
#define FAR 30000

struct place gen_lvalue_to_write(struct emit *e, struct node *n)
{
	struct place at = lvalue(e, n, true);
	uint64_t size = type_resolve(n->type)->size;

	if (at.space == SPACE_KERNEL)
		at = emit_own(e, emit_address(e, at), size ? (uint32_t)size : 8);
	else if (at.space == SPACE_BTF)
		emit_error(e, n->loc, "D_OP_WRITE",
			   "this is the kernel's memory: a program can only read it");
	if (at.off > FAR)
		at = (struct place){at.space, emit_address(e, at), 0};
	return at;
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
