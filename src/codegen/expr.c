/* SPDX-License-Identifier: BSD-2-Clause */
/* Expressions: arithmetic, conversions, conditions. */
#include "codegen/cg.h"

#include "builtin/builtin.h"

void cg_value_int(struct value *out, int reg)
{
	*out = (struct value){.kind = VALUE_INT, .reg = reg};
}

void cg_value_pointer(struct value *out, enum space space, int reg, bool may_be_null)
{
	*out = (struct value){
		.kind = VALUE_POINTER,
		.reg = reg,
		.at = {space, reg, 0},
		.nonnull = may_be_null ? NONNULL_REG : NONNULL_ALWAYS,
		.null_reg = reg,
	};
}

/* The value of an integer type, made right for another: C's conversion. */
int cg_convert(struct codegen *cg, int reg, struct type *from, struct type *to)
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
	out = ir_reg(cg->ir);
	ir_extend(cg->ir, out, reg, tsize, t->is_signed);
	return out;
}

/* 1 or 0 in a register for "the pointer is not NULL". */
int cg_truth(struct codegen *cg, const struct value *v)
{
	int reg, done;

	if (v->kind == VALUE_INT)
		return v->reg;
	if (v->nonnull == NONNULL_ALWAYS || v->nonnull == NONNULL_NEVER)
		return cg_const(cg, v->nonnull == NONNULL_ALWAYS);
	reg = ir_reg(cg->ir);
	done = ir_label(cg->ir);
	ir_const(cg->ir, reg, 0);
	cg_jump_null(cg, v, done, true);
	ir_const(cg->ir, reg, 1);
	ir_place(cg->ir, done);
	return reg;
}

void cg_jump_null(struct codegen *cg, const struct value *v, int label, bool when_null)
{
	enum ir_cond cond;

	switch (v->nonnull) {
	case NONNULL_ALWAYS:
	case NONNULL_NEVER:
		if ((v->nonnull == NONNULL_NEVER) == when_null)
			ir_jump(cg->ir, label);
		return;
	case NONNULL_REG:
		cond = when_null ? IR_EQ : IR_NE;
		ir_branchi(cg->ir, cond, v->null_reg, 0, label);
		if (when_null)
			cg_note_nonnull(cg, v->null_reg);
		return;
	case NONNULL_EQUAL:
		cond = when_null ? IR_NE : IR_EQ;
		ir_branchi(cg->ir, cond, v->null_reg, v->null_eq, label);
		return;
	}
}

int cg_as_int(struct codegen *cg, const struct value *v)
{
	switch (v->kind) {
	case VALUE_INT:
		return v->reg;
	case VALUE_POINTER:
		if (v->nonnull == NONNULL_NEVER)
			return cg_const(cg, 0);
		if (v->reg < 0)
			return cg_truth(cg, v);
		return v->at.space == SPACE_BTF || v->at.space == SPACE_MAP
			       ? cg_number_of(cg, v->at)
			       : v->reg;
	case VALUE_STRUCT:
		return cg_number_of(cg, v->at);
	case VALUE_OBJECT:
		return cg_truth(cg, v);
	case VALUE_STRING:
		/* Only "is it empty" is ever asked of a string as a number. */
		return v->rep.rep == REP_LITERAL ? v->word[0] : cg_const(cg, 1);
	}
	return -1;
}

int cg_int(struct codegen *cg, struct node *n)
{
	struct value v;

	cg_expr(cg, n, &v);
	return cg_as_int(cg, &v);
}

static int operand(struct codegen *cg, struct node *n, struct type *common)
{
	int reg = cg_int(cg, n);

	if (!common || !type_is_scalar(common))
		return reg;
	return cg_convert(cg, reg, n->type, common);
}

static const enum ir_op arithmetic[] = {
	[OP_MUL] = IR_MUL, [OP_ADD] = IR_ADD, [OP_SUB] = IR_SUB, [OP_SHL] = IR_SHL,
	[OP_AND] = IR_AND, [OP_XOR] = IR_XOR, [OP_OR] = IR_OR,
};

static bool is_pointer(struct type *t)
{
	enum type_kind k = type_resolve(t)->kind;

	return k == TYPE_POINTER || k == TYPE_ARRAY;
}

static uint64_t pointee_size(struct type *t)
{
	struct type *base = type_resolve(type_resolve(t)->base);

	return base && base->size ? base->size : 1;
}

/* a op b in the given type; registers are already converted. b_const: the divisor's value if it is
 * known, else 0. */
int cg_arith(struct codegen *cg, enum op op, int a, int b, struct type *type, int64_t b_const)
{
	struct type *t = type_resolve(type);
	bool is_signed = t->is_signed && t->kind != TYPE_POINTER;
	int out = ir_reg(cg->ir);
	enum ir_op irop;

	switch (op) {
	case OP_DIV:
	case OP_MOD:
		if (!b_const)
			cg_fault_if(cg, IR_EQ, b, 0, FLT_DIVZERO, -1);
		irop = op == OP_DIV ? (is_signed ? IR_SDIV : IR_UDIV)
				    : (is_signed ? IR_SMOD : IR_UMOD);
		if (b_const)
			ir_alui(cg->ir, irop, out, a, b_const);
		else
			ir_alu(cg->ir, irop, out, a, b);
		break;
	case OP_SHR:
		ir_alu(cg->ir, is_signed ? IR_SAR : IR_SHR, out, a, b);
		break;
	default:
		ir_alu(cg->ir, arithmetic[op], out, a, b);
		break;
	}
	if (t->size < 8 && t->kind != TYPE_POINTER &&
	    (op == OP_MUL || op == OP_ADD || op == OP_SUB || op == OP_SHL ||
	     (op == OP_DIV && is_signed))) {
		int wide = ir_reg(cg->ir);

		ir_extend(cg->ir, wide, out, t->size, t->is_signed);
		return wide;
	}
	return out;
}

/* pointer + integer, pointer - integer, pointer - pointer */
static void pointer_arith(struct codegen *cg, struct node *n, struct value *out)
{
	struct node *p = n->left, *i = n->right;
	int reg, scaled;
	int pr, ir_;

	if (n->op == OP_SUB && is_pointer(p->type) && is_pointer(i->type)) {
		int a = cg_int(cg, p), b = cg_int(cg, i);

		reg = ir_reg(cg->ir);
		ir_alu(cg->ir, IR_SUB, reg, a, b);
		scaled = ir_reg(cg->ir);
		ir_alui(cg->ir, IR_SDIV, scaled, reg, pointee_size(p->type));
		cg_value_int(out, scaled);
		return;
	}
	if (!is_pointer(p->type)) {
		p = n->right;
		i = n->left;
	}
	if (i->kind == NODE_INT) {
		struct value v;

		/* what is known of the place stays known */
		cg_expr(cg, p, out);
		if (out->kind == VALUE_POINTER || out->kind == VALUE_STRUCT) {
			int64_t off = (int64_t)i->value * (int64_t)pointee_size(p->type);

			v = *out;
			v.kind = VALUE_POINTER;
			v.at.off += n->op == OP_SUB ? -off : off;
			v.reg = v.at.space == SPACE_STACK ? -1 : cg_address(cg, v.at);
			*out = v;
			return;
		}
	}
	pr = cg_int(cg, p);
	ir_ = cg_int(cg, i);
	scaled = ir_reg(cg->ir);
	ir_alui(cg->ir, IR_MUL, scaled, ir_, pointee_size(p->type));
	reg = ir_reg(cg->ir);
	ir_alu(cg->ir, n->op == OP_SUB ? IR_SUB : IR_ADD, reg, pr, scaled);
	cg_value_pointer(out, SPACE_KERNEL, reg, true);
}

static bool is_condition(enum op op)
{
	return (op >= OP_LT && op <= OP_NE) || op == OP_LAND || op == OP_LOR || op == OP_LXOR;
}

/* Jumps to no unless n. What was loaded before the first branch in n holds on either side: the mark
 * behind it. */
size_t cg_condition(struct codegen *cg, struct node *n, int no)
{
	long saved = cg->branch_mark;
	size_t mark;

	cg->branch_mark = -1;
	cg_branch(cg, n, no, false);
	mark = cg->branch_mark >= 0 ? (size_t)cg->branch_mark : cg->cache.n;
	cg->branch_mark = saved;
	return mark;
}

/* A truth value as 1 or 0. */
static int condition_value(struct codegen *cg, struct node *n)
{
	int reg = ir_reg(cg->ir), out = ir_reg(cg->ir), done = ir_label(cg->ir),
	    no = ir_label(cg->ir);
	size_t mark;

	mark = cg_condition(cg, n, no);
	ir_const(cg->ir, reg, 1);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, no);
	ir_const(cg->ir, reg, 0);
	ir_place(cg->ir, done);
	cg_scope_end(cg, mark);
	ir_mov(cg->ir, out, reg);
	return out;
}

/* A constant operand (after promotion) in the type that the operands are converted to. */
static int64_t constant_as(const struct node *n, struct type *common)
{
	struct type *t = type_resolve(common);

	if (t->size != 4 || t->kind == TYPE_POINTER)
		return (int64_t)n->value;
	return t->is_signed ? (int64_t)(int32_t)n->value : (int64_t)(uint32_t)n->value;
}

/* The divisor of / and %, also of /= and %=, if it is a constant, else 0. */
int64_t cg_divisor(const struct node *n, struct type *common)
{
	if ((n->op != OP_DIV && n->op != OP_MOD) || n->right->kind != NODE_INT)
		return 0;
	return constant_as(n->right, common);
}

static void binary(struct codegen *cg, struct node *n, struct value *out)
{
	struct type *common = n->operand_type ? n->operand_type : n->type;
	int64_t divisor = cg_divisor(n, common);
	int a, b;

	if (n->op == OP_COMMA) {
		cg_expr(cg, n->left, out);
		cg_expr(cg, n->right, out);
		return;
	}
	if (is_condition(n->op)) {
		cg_value_int(out, condition_value(cg, n));
		return;
	}
	if (is_pointer(n->left->type) || is_pointer(n->right->type)) {
		if (n->op == OP_ADD || n->op == OP_SUB) {
			pointer_arith(cg, n, out);
			return;
		}
	}
	if (n->op == OP_SHL || n->op == OP_SHR) {
		a = operand(cg, n->left, n->type);
		b = cg_int(cg, n->right);
		cg_value_int(out, cg_arith(cg, n->op, a, b, n->type, 0));
		return;
	}
	a = operand(cg, n->left, common);
	b = divisor ? -1 : operand(cg, n->right, common);
	cg_value_int(out, cg_arith(cg, n->op, a, b, common, divisor));
}

static enum ir_cond condition(enum op op, bool is_signed)
{
	switch (op) {
	case OP_EQ:
		return IR_EQ;
	case OP_NE:
		return IR_NE;
	case OP_LT:
		return is_signed ? IR_SLT : IR_ULT;
	case OP_LE:
		return is_signed ? IR_SLE : IR_ULE;
	case OP_GT:
		return is_signed ? IR_SGT : IR_UGT;
	default:
		return is_signed ? IR_SGE : IR_UGE;
	}
}

static enum op opposite(enum op op)
{
	switch (op) {
	case OP_EQ:
		return OP_NE;
	case OP_NE:
		return OP_EQ;
	case OP_LT:
		return OP_GE;
	case OP_LE:
		return OP_GT;
	case OP_GT:
		return OP_LE;
	default:
		return OP_LT;
	}
}

static bool is_zero(const struct node *n)
{
	while (n->kind == NODE_CAST)
		n = n->left;
	return n->kind == NODE_INT && n->value == 0;
}

static void compare(struct codegen *cg, struct node *n, int label, bool when)
{
	struct type *common = n->operand_type ? n->operand_type : n->left->type;
	enum op op = when ? n->op : opposite(n->op);
	struct type *t;
	struct value v;
	int a, b;

	if (type_is_string(common) && type_resolve(common)->kind == TYPE_STRING) {
		cg_string_compare(cg, n->op, n->left, n->right, label, when);
		return;
	}
	/* p == NULL, p != NULL: what a pointer knows of itself is enough. */
	if ((op == OP_EQ || op == OP_NE) && is_zero(n->right) && is_pointer(n->left->type)) {
		cg_expr(cg, n->left, &v);
		if (v.kind == VALUE_POINTER || v.kind == VALUE_OBJECT) {
			cg_branch_point(cg);
			cg_jump_null(cg, &v, label, op == OP_EQ);
			return;
		}
		cg_branch_point(cg);
		ir_branchi(cg->ir, condition(op, false), cg_as_int(cg, &v), 0, label);
		return;
	}
	t = type_resolve(common);
	a = operand(cg, n->left, common);
	if (n->right->kind == NODE_INT) {
		int64_t c = constant_as(n->right, t);

		cg_branch_point(cg);
		ir_branchi(cg->ir, condition(op, t->is_signed && t->kind != TYPE_POINTER), a, c,
			   label);
		return;
	}
	b = operand(cg, n->right, common);
	cg_branch_point(cg);
	ir_branch(cg->ir, condition(op, t->is_signed && t->kind != TYPE_POINTER), a, b, label);
}

/* Jumps to label if n's truth is `when`, else falls through. */
void cg_branch(struct codegen *cg, struct node *n, int label, bool when)
{
	struct value v;

	if (n->kind == NODE_UNARY && n->op == OP_NOT && !type_is_string(n->left->type)) {
		cg_branch(cg, n->left, label, !when);
		return;
	}
	if (n->kind == NODE_BINARY && (n->op == OP_LAND || n->op == OP_LOR)) {
		bool both = (n->op == OP_LAND) == !when; /* falling through takes both operands */

		if (both) {
			cg_branch(cg, n->left, label, when);
			cg_branch(cg, n->right, label, when);
		} else {
			int skip = ir_label(cg->ir);
			size_t mark;

			cg_branch(cg, n->left, skip, !when);
			mark = cg_scope(cg);
			cg_branch(cg, n->right, label, when);
			cg_scope_end(cg, mark);
			ir_place(cg->ir, skip);
		}
		return;
	}
	if (n->kind == NODE_BINARY && n->op == OP_LXOR) {
		int a = condition_value(cg, n->left), b = condition_value(cg, n->right);

		cg_branch_point(cg);
		ir_branch(cg->ir, when ? IR_NE : IR_EQ, a, b, label);
		return;
	}
	if (n->kind == NODE_BINARY && n->op >= OP_LT && n->op <= OP_NE) {
		compare(cg, n, label, when);
		return;
	}
	if (n->kind == NODE_BINARY && n->op == OP_AND) {
		int a = operand(cg, n->left, n->operand_type),
		    b = operand(cg, n->right, n->operand_type);

		cg_branch_point(cg);
		if (when) {
			ir_branch(cg->ir, IR_SET, a, b, label);
		} else {
			int t = ir_reg(cg->ir);

			ir_alu(cg->ir, IR_AND, t, a, b);
			ir_branchi(cg->ir, IR_EQ, t, 0, label);
		}
		return;
	}
	cg_expr(cg, n, &v);
	cg_branch_point(cg);
	if (v.kind == VALUE_POINTER || v.kind == VALUE_OBJECT)
		cg_jump_null(cg, &v, label, !when);
	else
		ir_branchi(cg->ir, when ? IR_NE : IR_EQ, cg_as_int(cg, &v), 0, label);
}

static void unary(struct codegen *cg, struct node *n, struct value *out)
{
	struct type *t = type_resolve(n->type);
	int a, reg;

	switch (n->op) {
	case OP_NOT:
		cg_value_int(out, condition_value(cg, n));
		return;
	case OP_PLUS:
		cg_value_int(out, operand(cg, n->left, n->type));
		return;
	case OP_NEG:
	case OP_INVERT:
		a = operand(cg, n->left, n->type);
		reg = ir_reg(cg->ir);
		if (n->op == OP_NEG)
			ir_neg(cg->ir, reg, a);
		else
			ir_not(cg->ir, reg, a);
		if (t->size < 8) {
			int wide = ir_reg(cg->ir);

			ir_extend(cg->ir, wide, reg, t->size, t->is_signed);
			reg = wide;
		}
		cg_value_int(out, reg);
		return;
	case OP_PREINC:
	case OP_PREDEC:
	case OP_POSTINC:
	case OP_POSTDEC:
		cg_increment(cg, n, out);
		return;
	case OP_ADDR:
		cg_lvalue(cg, n->left, out);
		out->kind = VALUE_POINTER;
		out->nonnull = NONNULL_ALWAYS;
		out->reg = out->at.space == SPACE_STACK ? -1 : cg_address(cg, out->at);
		return;
	case OP_DEREF:
		cg_lvalue(cg, n, out);
		cg_load_value(cg, out->at, n->type, 0, 0, out);
		return;
	case OP_STRINGOF:
		cg_string_as(cg, n, cg_rep(cg, n), out);
		return;
	default:
		cg_error(cg, n->loc, "D_UNKNOWN", "operator not supported here");
	}
}

static void pick_int(struct codegen *cg, struct node *arm, struct type *type, int reg)
{
	size_t mark = cg_scope(cg);

	ir_mov(cg->ir, reg, operand(cg, arm, type));
	cg_scope_end(cg, mark);
}

static void conditional(struct codegen *cg, struct node *n, struct value *out)
{
	int no, done, reg, result;
	size_t mark;

	if (type_is_string(n->type)) {
		cg_string_as(cg, n, cg_rep(cg, n), out);
		return;
	}
	no = ir_label(cg->ir);
	done = ir_label(cg->ir);
	reg = ir_reg(cg->ir);
	mark = cg_condition(cg, n->left, no);
	pick_int(cg, n->right, n->type, reg);
	ir_jump(cg->ir, done);
	cg_scope_end(cg, mark);
	ir_place(cg->ir, no);
	pick_int(cg, n->third, n->type, reg);
	ir_place(cg->ir, done);
	result = ir_reg(cg->ir);
	ir_mov(cg->ir, result, reg);
	if (is_pointer(n->type))
		cg_value_pointer(out, SPACE_KERNEL, result, true);
	else
		cg_value_int(out, result);
}

static void cast(struct codegen *cg, struct node *n, struct value *out)
{
	struct type *to = type_resolve(n->type);

	if (to->kind == TYPE_STRING || (type_is_string(n->type) && type_is_string(n->left->type))) {
		cg_string_as(cg, n, cg_rep(cg, n), out);
		return;
	}
	cg_expr(cg, n->left, out);
	if (to->kind == TYPE_POINTER) {
		/* A cast pointer is one that the verifier does not know. */
		if (out->kind == VALUE_POINTER && out->at.space == SPACE_BTF)
			out->at.space = SPACE_KERNEL;
		else if (out->kind == VALUE_INT)
			cg_value_pointer(out, SPACE_KERNEL, out->reg, true);
		return;
	}
	cg_value_int(out, cg_convert(cg, cg_as_int(cg, out), n->left->type, n->type));
}

void cg_expr(struct codegen *cg, struct node *n, struct value *out)
{
	switch (n->kind) {
	case NODE_INT:
		cg_value_int(out, cg_const(cg, (int64_t)n->value));
		if (type_resolve(n->type)->kind == TYPE_POINTER) {
			cg_value_pointer(out, SPACE_KERNEL, out->reg, true);
			if (!n->value)
				out->nonnull = NONNULL_NEVER;
		}
		return;
	case NODE_STRING:
		cg_string_literal(cg, n->name, out);
		return;
	case NODE_NAME:
	case NODE_INDEX:
		cg_variable(cg, n, out);
		return;
	case NODE_ARG:
		cg_arg(cg, n, out);
		return;
	case NODE_MEMBER:
		cg_member(cg, n, out);
		return;
	case NODE_XLATE:
		cg_expr(cg, n->left, out);
		return;
	case NODE_UNARY:
		unary(cg, n, out);
		return;
	case NODE_BINARY:
		binary(cg, n, out);
		return;
	case NODE_ASSIGN:
		cg_assign(cg, n, out);
		return;
	case NODE_COND:
		conditional(cg, n, out);
		return;
	case NODE_CAST:
		cast(cg, n, out);
		return;
	case NODE_CALL:
		n->builtin->code(cg, n, out);
		return;
	default:
		cg_error(cg, n->loc, "D_UNKNOWN", "this expression is not supported");
		cg_value_int(out, cg_const(cg, 0));
	}
}
