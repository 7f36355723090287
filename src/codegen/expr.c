/* SPDX-License-Identifier: BSD-2-Clause */
/* Expressions: arithmetic, conversions, conditions. */
#include "codegen/gen.h"

#include "builtin/builtin.h"

static int operand(struct emit *e, struct node *n, struct type *common)
{
	int reg = emit_int(e, n);

	if (!common || !type_is_scalar(common))
		return reg;
	return emit_convert(e, reg, n->type, common);
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
int gen_arith(struct emit *e, enum op op, int a, int b, struct type *type, int64_t b_const)
{
	struct type *t = type_resolve(type);
	bool is_signed = t->is_signed && t->kind != TYPE_POINTER;
	int out = ir_reg(e->ir);
	enum ir_op irop;

	switch (op) {
	case OP_DIV:
	case OP_MOD:
		if (!b_const)
			emit_fault_if(e, IR_EQ, emit_tested(e, b), 0, FLT_DIVZERO, -1);
		irop = op == OP_DIV ? (is_signed ? IR_SDIV : IR_UDIV)
				    : (is_signed ? IR_SMOD : IR_UMOD);
		if (b_const)
			ir_alui(e->ir, irop, out, a, b_const);
		else
			ir_alu(e->ir, irop, out, a, b);
		break;
	case OP_SHR:
		ir_alu(e->ir, is_signed ? IR_SAR : IR_SHR, out, a, b);
		break;
	default:
		ir_alu(e->ir, arithmetic[op], out, a, b);
		break;
	}
	if (t->size < 8 && t->kind != TYPE_POINTER &&
	    (op == OP_MUL || op == OP_ADD || op == OP_SUB || op == OP_SHL ||
	     (op == OP_DIV && is_signed))) {
		int wide = ir_reg(e->ir);

		ir_extend(e->ir, wide, out, t->size, t->is_signed);
		return wide;
	}
	return out;
}

/* pointer + integer, pointer - integer, pointer - pointer */
static void pointer_arith(struct emit *e, struct node *n, struct value *out)
{
	struct node *p = n->left, *i = n->right;
	int reg, scaled, count;
	struct value v;

	if (n->op == OP_SUB && is_pointer(p->type) && is_pointer(i->type)) {
		int a = emit_int(e, p), b = emit_int(e, i);

		reg = ir_reg(e->ir);
		ir_alu(e->ir, IR_SUB, reg, a, b);
		scaled = ir_reg(e->ir);
		ir_alui(e->ir, IR_SDIV, scaled, reg, pointee_size(p->type));
		value_int(out, scaled);
		return;
	}
	if (!is_pointer(p->type)) {
		p = n->right;
		i = n->left;
	}
	gen_expr(e, p, &v);
	if (i->kind == NODE_INT && (v.kind == VALUE_POINTER || v.kind == VALUE_STRUCT)) {
		int64_t off = (int64_t)i->value * (int64_t)pointee_size(p->type);

		/* what is known of the place stays known */
		*out = v;
		out->kind = VALUE_POINTER;
		out->at = gen_beyond(e, v.at);
		out->at.off += n->op == OP_SUB ? -off : off;
		out->reg = emit_address(e, out->at);
		return;
	}
	count = emit_int(e, i);
	scaled = ir_reg(e->ir);
	ir_alui(e->ir, IR_MUL, scaled, count, pointee_size(p->type));
	reg = ir_reg(e->ir);
	ir_alu(e->ir, n->op == OP_SUB ? IR_SUB : IR_ADD, reg, emit_as_int(e, &v), scaled);
	value_pointer(out, SPACE_KERNEL, reg, true);
}

static bool is_condition(enum op op)
{
	return (op >= OP_LT && op <= OP_NE) || op == OP_LAND || op == OP_LOR || op == OP_LXOR;
}

/* A truth value as 1 or 0. */
static int condition_value(struct emit *e, struct node *n)
{
	int reg = ir_reg(e->ir), out = ir_reg(e->ir), done = ir_label(e->ir), no = ir_label(e->ir);
	size_t mark;

	mark = gen_condition(e, n, no);
	ir_const(e->ir, reg, 1);
	ir_jump(e->ir, done);
	ir_place(e->ir, no);
	ir_const(e->ir, reg, 0);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	ir_mov(e->ir, out, reg);
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
int64_t gen_divisor(const struct node *n, struct type *common)
{
	if ((n->op != OP_DIV && n->op != OP_MOD) || n->right->kind != NODE_INT)
		return 0;
	return constant_as(n->right, common);
}

static void binary(struct emit *e, struct node *n, struct value *out)
{
	struct type *common = n->operand_type ? n->operand_type : n->type;
	int64_t divisor = gen_divisor(n, common);
	int a, b;

	if (n->op == OP_COMMA) {
		gen_expr(e, n->left, out);
		gen_expr(e, n->right, out);
		return;
	}
	if (is_condition(n->op)) {
		value_int(out, condition_value(e, n));
		return;
	}
	if (is_pointer(n->left->type) || is_pointer(n->right->type)) {
		if (n->op == OP_ADD || n->op == OP_SUB) {
			pointer_arith(e, n, out);
			return;
		}
	}
	if (n->op == OP_SHL || n->op == OP_SHR) {
		a = operand(e, n->left, n->type);
		b = emit_int(e, n->right);
		value_int(out, gen_arith(e, n->op, a, b, n->type, 0));
		return;
	}
	a = operand(e, n->left, common);
	b = divisor ? -1 : operand(e, n->right, common);
	value_int(out, gen_arith(e, n->op, a, b, common, divisor));
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

bool gen_constant(const struct node *n, int64_t *value)
{
	while (n->kind == NODE_CAST)
		n = n->left;
	*value = (int64_t)n->value;
	return n->kind == NODE_INT;
}

bool gen_is_zero(const struct node *n)
{
	int64_t value;

	return gen_constant(n, &value) && value == 0;
}

static void compare(struct emit *e, struct node *n, int label, bool when)
{
	struct type *common = n->operand_type ? n->operand_type : n->left->type;
	enum op op = when ? n->op : opposite(n->op);
	struct type *t;
	struct value v;
	int a, b;

	if (type_is_string(common) && type_resolve(common)->kind == TYPE_STRING) {
		gen_string_compare(e, n->op, n->left, n->right, label, when);
		return;
	}
	/* p == NULL, p != NULL: what a pointer knows of itself is enough. */
	if ((op == OP_EQ || op == OP_NE) && gen_is_zero(n->right) && is_pointer(n->left->type)) {
		gen_expr(e, n->left, &v);
		if (v.kind == VALUE_POINTER || v.kind == VALUE_OBJECT) {
			emit_branch_point(e);
			emit_jump_null(e, &v, label, op == OP_EQ);
			return;
		}
		emit_branch_point(e);
		ir_branchi(e->ir, condition(op, false), emit_tested(e, emit_as_int(e, &v)), 0,
			   label);
		return;
	}
	t = type_resolve(common);
	a = operand(e, n->left, common);
	if (n->right->kind == NODE_INT) {
		int64_t c = constant_as(n->right, t);

		emit_branch_point(e);
		ir_branchi(e->ir, condition(op, t->is_signed && t->kind != TYPE_POINTER),
			   emit_tested(e, a), c, label);
		return;
	}
	b = operand(e, n->right, common);
	emit_branch_point(e);
	ir_branch(e->ir, condition(op, t->is_signed && t->kind != TYPE_POINTER), emit_tested(e, a),
		  emit_tested(e, b), label);
}

/* Jumps to label if n's truth is `when`, else falls through. */
void gen_branch(struct emit *e, struct node *n, int label, bool when)
{
	struct value v;

	if (n->kind == NODE_UNARY && n->op == OP_NOT && !type_is_string(n->left->type)) {
		gen_branch(e, n->left, label, !when);
		return;
	}
	if (n->kind == NODE_BINARY && (n->op == OP_LAND || n->op == OP_LOR)) {
		bool both = (n->op == OP_LAND) == !when; /* falling through takes both operands */

		if (both) {
			gen_branch(e, n->left, label, when);
			gen_branch(e, n->right, label, when);
		} else {
			int skip = ir_label(e->ir);
			long outer = emit_condition_begin(e);
			size_t mark;

			gen_branch(e, n->left, skip, !when);
			mark = emit_condition_join(e, outer);
			gen_branch(e, n->right, label, when);
			emit_scope_end(e, mark);
			ir_place(e->ir, skip);
		}
		return;
	}
	if (n->kind == NODE_BINARY && n->op == OP_LXOR) {
		int a = condition_value(e, n->left), b = condition_value(e, n->right);

		emit_branch_point(e);
		ir_branch(e->ir, when ? IR_NE : IR_EQ, a, b, label);
		return;
	}
	if (n->kind == NODE_BINARY && n->op >= OP_LT && n->op <= OP_NE) {
		compare(e, n, label, when);
		return;
	}
	if (n->kind == NODE_BINARY && n->op == OP_AND) {
		int a = operand(e, n->left, n->operand_type),
		    b = operand(e, n->right, n->operand_type);

		emit_branch_point(e);
		if (when) {
			ir_branch(e->ir, IR_SET, emit_tested(e, a), b, label);
		} else {
			int t = ir_reg(e->ir);

			ir_alu(e->ir, IR_AND, t, a, b);
			ir_branchi(e->ir, IR_EQ, t, 0, label);
		}
		return;
	}
	gen_expr(e, n, &v);
	emit_branch_point(e);
	if (v.kind == VALUE_POINTER || v.kind == VALUE_OBJECT)
		emit_jump_null(e, &v, label, !when);
	else
		ir_branchi(e->ir, when ? IR_NE : IR_EQ, emit_tested(e, emit_as_int(e, &v)), 0,
			   label);
}

static void unary(struct emit *e, struct node *n, struct value *out)
{
	struct type *t = type_resolve(n->type);
	int a, reg;

	switch (n->op) {
	case OP_NOT:
		value_int(out, condition_value(e, n));
		return;
	case OP_PLUS:
		value_int(out, operand(e, n->left, n->type));
		return;
	case OP_NEG:
	case OP_INVERT:
		a = operand(e, n->left, n->type);
		reg = ir_reg(e->ir);
		if (n->op == OP_NEG)
			ir_neg(e->ir, reg, a);
		else
			ir_not(e->ir, reg, a);
		if (t->size < 8) {
			int wide = ir_reg(e->ir);

			ir_extend(e->ir, wide, reg, t->size, t->is_signed);
			reg = wide;
		}
		value_int(out, reg);
		return;
	case OP_PREINC:
	case OP_PREDEC:
	case OP_POSTINC:
	case OP_POSTDEC:
		gen_increment(e, n, false, out);
		return;
	case OP_ADDR:
		gen_lvalue(e, n->left, out);
		out->kind = VALUE_POINTER;
		out->nonnull = NONNULL_ALWAYS;
		out->reg = out->at.space == SPACE_STACK ? -1 : emit_address(e, out->at);
		return;
	case OP_DEREF:
		if (n->xlator) { /* the native value, which the translator sees */
			gen_expr(e, n->left, out);
			return;
		}
		gen_lvalue(e, n, out);
		gen_load_value(e, out->at, n->type, 0, 0, out);
		return;
	case OP_STRINGOF:
		gen_string_as(e, n, gen_rep(e, n), out);
		return;
	default:
		emit_error(e, n->loc, "D_UNKNOWN", "operator not supported here");
	}
}

static void pick_int(struct emit *e, struct node *arm, struct type *type, int reg)
{
	size_t mark = emit_scope(e);

	ir_mov(e->ir, reg, operand(e, arm, type));
	emit_scope_end(e, mark);
}

static void conditional(struct emit *e, struct node *n, struct value *out)
{
	int no, done, reg, result;
	size_t mark;

	if (type_is_string(n->type)) {
		gen_string_as(e, n, gen_rep(e, n), out);
		return;
	}
	no = ir_label(e->ir);
	done = ir_label(e->ir);
	reg = ir_reg(e->ir);
	mark = gen_condition(e, n->left, no);
	pick_int(e, n->right, n->type, reg);
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);
	ir_place(e->ir, no);
	pick_int(e, n->third, n->type, reg);
	ir_place(e->ir, done);
	result = ir_reg(e->ir);
	ir_mov(e->ir, result, reg);
	if (is_pointer(n->type))
		value_pointer(out, SPACE_KERNEL, result, true);
	else
		value_int(out, result);
}

/* Of what a cast pointer points to, the verifier knows nothing. */
static struct value cast_pointer(const struct value *v)
{
	struct value out = *v;

	out.typed = true;
	out.at.space = SPACE_KERNEL;
	return out;
}

/* Of a pointer that leads beyond the variable that it points to, the number is left. */
static void beyond(struct emit *e, struct value *v)
{
	v->at = gen_beyond(e, v->at);
	if (v->kind == VALUE_POINTER)
		v->reg = emit_address(e, v->at);
}

static void cast(struct emit *e, struct node *n, struct value *out)
{
	struct type *to = type_resolve(n->type);

	if (to->kind == TYPE_STRING || (type_is_string(n->type) && type_is_string(n->left->type))) {
		gen_string_as(e, n, gen_rep(e, n), out);
		return;
	}
	gen_expr(e, n->left, out);
	if (to->kind == TYPE_POINTER) {
		if (out->kind == VALUE_POINTER && out->at.space == SPACE_BTF)
			*out = cast_pointer(out);
		else if (out->at.space == SPACE_MAP && is_pointer(n->left->type) &&
			 pointee_size(n->left->type) < pointee_size(n->type))
			beyond(e, out);
		else if (out->kind == VALUE_INT)
			value_pointer(out, SPACE_KERNEL, out->reg, true);
		return;
	}
	value_int(out, emit_convert(e, emit_as_int(e, out), n->left->type, n->type));
}

void gen_expr(struct emit *e, struct node *n, struct value *out)
{
	switch (n->kind) {
	case NODE_INT:
		value_int(out, emit_const(e, (int64_t)n->value));
		if (type_resolve(n->type)->kind == TYPE_POINTER) {
			value_pointer(out, SPACE_KERNEL, out->reg, true);
			if (!n->value)
				out->nonnull = NONNULL_NEVER;
		}
		return;
	case NODE_STRING:
		emit_string_literal(e, n->name, out);
		return;
	case NODE_NAME:
	case NODE_INDEX:
		gen_variable(e, n, out);
		return;
	case NODE_ARG:
		gen_arg(e, (int)n->value, out);
		return;
	case NODE_MEMBER:
		gen_member(e, n, out);
		return;
	case NODE_XLATE:
		gen_expr(e, n->left, out);
		return;
	case NODE_UNARY:
		unary(e, n, out);
		return;
	case NODE_BINARY:
		binary(e, n, out);
		return;
	case NODE_ASSIGN:
		gen_assign(e, n, false, out);
		return;
	case NODE_COND:
		conditional(e, n, out);
		return;
	case NODE_CAST:
		cast(e, n, out);
		return;
	case NODE_CALL:
		n->builtin->code(e, n, out);
		return;
	default:
		emit_error(e, n->loc, "D_UNKNOWN", "this expression is not supported");
		value_int(out, emit_const(e, 0));
	}
}
