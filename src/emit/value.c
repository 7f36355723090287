/* SPDX-License-Identifier: BSD-2-Clause */
/* Values as numbers and truths. */
#include <stddef.h>

#include "emit/emit_impl.h"

/* The value of an integer type, made right for another: C's conversion. */
int emit_convert(struct emit *e, int reg, struct type *from, struct type *to)
{
	struct type *f = type_resolve(from), *t = type_resolve(to);
	uint64_t tsize = t->kind == TYPE_POINTER ? 8 : t->size;
	uint64_t fsize = f->kind == TYPE_POINTER || f->kind == TYPE_ARRAY ? 8 : f->size;
	int out;

	if (tsize >= 8 || !tsize)
		return reg;
	if (fsize < tsize && (!f->is_signed || t->is_signed))
		return reg;
	if (fsize == tsize && f->is_signed == t->is_signed)
		return reg;
	out = ir_reg(e->ir);
	ir_extend(e->ir, out, reg, tsize, t->is_signed);
	return out;
}

int emit_tested(struct emit *e, int reg)
{
	int copy;

	if (!emit_is_careful(e))
		return reg;
	copy = ir_reg(e->ir);
	ir_fresh(e->ir, copy, reg);
	return copy;
}

/* Constants of two paths are two states; a constant and what is not known are one. */
int emit_opaque(struct emit *e, int reg)
{
	int sum;

	if (!emit_is_careful(e))
		return reg;
	sum = ir_reg(e->ir);
	ir_alu(e->ir, IR_ADD, sum, reg, emit_control(e, offsetof(struct control, zero), 8));
	return sum;
}

/* 1 or 0 in a register for "the pointer is not NULL". */
int emit_truth(struct emit *e, const struct value *v)
{
	int reg, done;
	size_t mark;

	if (v->kind == VALUE_INT)
		return v->reg;
	if (v->nonnull == NONNULL_ALWAYS || v->nonnull == NONNULL_NEVER)
		return emit_const(e, v->nonnull == NONNULL_ALWAYS);
	reg = ir_reg(e->ir);
	done = ir_label(e->ir);
	mark = emit_scope(e);
	ir_const(e->ir, reg, 0);
	emit_jump_null(e, v, done, true);
	ir_const(e->ir, reg, 1);
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
	return reg;
}

void emit_jump_null(struct emit *e, const struct value *v, int label, bool when_null)
{
	enum ir_cond cond;

	switch (v->nonnull) {
	case NONNULL_ALWAYS:
	case NONNULL_NEVER:
		if ((v->nonnull == NONNULL_NEVER) == when_null)
			ir_jump(e->ir, label);
		return;
	case NONNULL_REG:
		cond = when_null ? IR_EQ : IR_NE;
		/* what the verifier knows as a pointer must itself be tested */
		ir_branchi(e->ir, cond,
			   v->at.space == SPACE_KERNEL && !v->typed ? emit_tested(e, v->null_reg)
								    : v->null_reg,
			   0, label);
		if (when_null)
			emit_note_nonnull(e, v->null_reg);
		return;
	case NONNULL_EQUAL:
		cond = when_null ? IR_NE : IR_EQ;
		ir_branchi(e->ir, cond, emit_tested(e, v->null_reg), v->null_eq, label);
		return;
	}
}

int emit_as_int(struct emit *e, const struct value *v)
{
	switch (v->kind) {
	case VALUE_INT:
		return v->reg;
	case VALUE_POINTER:
		if (v->nonnull == NONNULL_NEVER)
			return emit_const(e, 0);
		if (v->reg < 0)
			return emit_truth(e, v);
		if (v->typed)
			return emit_number_of(e, (struct place){SPACE_BTF, v->at.base, v->at.off});
		return v->at.space == SPACE_BTF || v->at.space == SPACE_MAP
			       ? emit_number_of(e, v->at)
			       : v->reg;
	case VALUE_STRUCT:
		return emit_number_of(e, v->at);
	case VALUE_OBJECT:
		return emit_truth(e, v);
	case VALUE_STRING:
		/* Only "is it empty" is ever asked of a string as a number. */
		return v->rep.rep == REP_LITERAL ? v->word[0] : emit_const(e, 1);
	}
	return -1;
}
