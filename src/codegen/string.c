/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Expressions that are strings.  Which representation one has is known before
 * its code is made (gen_rep()), and gen_string_as() gives it in that or another.
 */
#include "builtin/builtin.h"
#include "codegen/gen.h"

/* The one that holds the longest string. */
static struct strrep bytes_rep(const struct emit *e)
{
	return emit_bytes_rep(e, emit_text_size(e));
}

/* Of an array of characters at a place. */
static struct strrep array_rep(const struct emit *e, struct type *t)
{
	t = type_resolve(t);
	if (t->kind == TYPE_ARRAY && t->count == 16)
		return (struct strrep){REP_NAME, 16};
	return t->kind == TYPE_ARRAY && t->count ? emit_bytes_rep(e, t->count + 1) : bytes_rep(e);
}

static struct strrep variable_rep(struct emit *e, struct node *n)
{
	const struct symbol *sym = n->sym;
	const struct binding *b;

	switch (sym->kind) {
	case SYM_INLINE:
		return gen_rep(e, sym->expr);
	case SYM_PARAM:
		b = gen_binding(e, sym);
		return b ? b->rep : bytes_rep(e);
	default:
		if (!data_is_text(sym))
			return array_rep(e, sym->type);
		return sym->place ? gen_known_rep(&gen_place(sym)->rep)
				  : (struct strrep){REP_LITERAL, 8};
	}
}

static struct strrep member_rep(struct emit *e, struct node *n)
{
	const struct source_member *m = gen_source_member(n);

	if (n->xmember)
		return gen_rep(e, n->xmember->expr);
	if (m)
		return (struct strrep){m->rep, ADDR_TEXT};
	return array_rep(e, n->type);
}

static struct strrep call_rep(struct emit *e, struct node *n)
{
	const struct builtin *b = n->builtin;

	if (b->room)
		return emit_bytes_rep(e, b->room(e, n));
	switch (b->rep) {
	case REP_NAME:
		return (struct strrep){REP_NAME, 16};
	case REP_ADDR:
	case REP_CGROUP:
	case REP_NETNS:
		return (struct strrep){b->rep, ADDR_TEXT};
	case REP_LITERAL: /* names of probes */
		return (struct strrep){REP_LITERAL, 64};
	default:
		return bytes_rep(e);
	}
}

/* The representation in which gen_expr() of a string expression comes; a constant comes as
 * REP_LITERAL. */
struct strrep gen_rep(struct emit *e, struct node *n)
{
	switch (n->kind) {
	case NODE_STRING:
		return emit_constant_rep(e, n->name);
	case NODE_COND:
		return rep_join(gen_rep(e, n->right), gen_rep(e, n->third));
	case NODE_NAME:
		if (n->builtin)
			return call_rep(e, n);
		return variable_rep(e, n);
	case NODE_INDEX:
		if (n->sym)
			return variable_rep(e, n);
		return array_rep(e, n->type);
	case NODE_MEMBER:
		return member_rep(e, n);
	case NODE_CALL:
		return call_rep(e, n);
	case NODE_ASSIGN:
		return variable_rep(e, n->left);
	case NODE_BINARY: /* comma */
		return gen_rep(e, n->right);
	case NODE_CAST:
	case NODE_UNARY:
		if (type_is_string(n->left->type))
			return gen_rep(e, n->left);
		return bytes_rep(e);
	case NODE_INT: /* 0 assigned to a string: empty */
		return (struct strrep){REP_LITERAL, 8};
	default:
		return bytes_rep(e);
	}
}

static void copy_words(struct emit *e, struct value *to, const struct value *from)
{
	for (int i = 0; i < 3; i++)
		if (to->word[i] >= 0)
			ir_mov(e->ir, to->word[i], from->word[i]);
}

static void arm(struct emit *e, struct node *n, struct strrep rep, struct value *to)
{
	size_t mark = emit_scope(e);
	struct value v;

	gen_string_as(e, n, rep, &v);
	if (rep.rep == REP_BYTES)
		emit_copy(e, to->bytes, v.bytes, rep.cap);
	else
		copy_words(e, to, &v);
	emit_scope_end(e, mark);
}

static void conditional(struct emit *e, struct node *n, struct strrep rep, struct value *out)
{
	int no = ir_label(e->ir), done = ir_label(e->ir);
	size_t mark;

	value_string(out, rep);
	for (int i = 0; i < 3; i++)
		out->word[i] = i < rep_words(rep) ? ir_reg(e->ir) : -1;
	if (rep.rep == REP_BYTES)
		out->bytes = emit_room(e, rep.cap);
	mark = gen_condition(e, n->left, no);
	arm(e, n->right, rep, out);
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);
	ir_place(e->ir, no);
	arm(e, n->third, rep, out);
	ir_place(e->ir, done);
}

/* The characters at an address or in an array. */
static void from_memory(struct emit *e, struct node *n, struct strrep rep, struct value *out)
{
	uint32_t most = rep.cap < emit_text_size(e) ? rep.cap : emit_text_size(e);
	struct value v;
	struct place to;
	int ret;

	/* of an array its place, of a pointer or a number where it leads */
	if (type_is_scalar(n->type))
		gen_expr(e, n, &v);
	else
		gen_lvalue(e, n, &v);
	if (v.kind == VALUE_STRING) {
		*out = v;
		emit_string_convert(e, out, rep);
		return;
	}
	if (v.kind == VALUE_INT)
		v.at = (struct place){SPACE_KERNEL, v.reg, 0};
	value_string(out, rep);
	if (rep.rep == REP_NAME && v.at.space != SPACE_KERNEL) {
		for (int i = 0; i < 2; i++)
			out->word[i] = emit_load(e, place_at(v.at, i * 8), 8, false);
		return;
	}
	to = emit_room(e, rep.cap);
	emit_zero(e, to, rep.cap);
	ret = ir_reg(e->ir);
	IR_CALL(e->ir, ret, BPF_FUNC_probe_read_kernel_str, emit_address(e, to),
		emit_const(e, most), emit_address(e, v.at));
	emit_fault_if(e, IR_SLT, ret, 0, FLT_BADADDR, emit_address(e, v.at));
	out->bytes = to;
	if (rep.rep == REP_NAME)
		emit_string_load(e, to, rep, out);
}

/* Evaluates a string expression into the representation asked for. */
void gen_string_as(struct emit *e, struct node *n, struct strrep rep, struct value *out)
{
	while ((n->kind == NODE_CAST || (n->kind == NODE_UNARY && n->op == OP_STRINGOF)) &&
	       type_is_string(n->left->type))
		n = n->left;
	if (n->kind == NODE_COND) {
		conditional(e, n, rep, out);
		return;
	}
	if (n->kind == NODE_INT) {
		emit_string_literal(e, "", out);
	} else if (n->kind == NODE_CAST || (n->kind == NODE_UNARY && n->op == OP_STRINGOF)) {
		from_memory(e, n->left, gen_rep(e, n), out);
	} else {
		gen_expr(e, n, out);
		if (out->kind == VALUE_STRUCT)
			from_memory(e, n, gen_rep(e, n), out);
	}
	if (out->kind != VALUE_STRING || rep_join(out->rep, rep).rep != rep.rep)
		emit_error(e, n->loc, "D_UNKNOWN",
			   "internal error: this string does not come as it was laid out for");
	emit_string_convert(e, out, rep);
}

/* s[i]: a character; 0 behind the end of the string. */
void gen_character(struct emit *e, struct node *n, struct value *out)
{
	int i = emit_int(e, n->args), c = ir_reg(e->ir), at, behind = ir_label(e->ir);
	struct text t;

	emit_text(e, n->left, &t);
	emit_fault_if(e, IR_UGE, emit_tested(e, i), emit_text_size(e), FLT_BADADDR, -1);
	at = emit_text_at(e, t.at, i);
	ir_const(e->ir, c, 0);
	ir_branchi(e->ir, IR_UGE, emit_tested(e, i), t.cap, behind);
	ir_load(e->ir, c, at, 0, 1);
	ir_extend(e->ir, c, c, 1, true);
	ir_place(e->ir, behind);
	value_int(out, c);
}

/* Jumps to label if (a op b) == when. */
void gen_string_compare(struct emit *e, enum op op, struct node *a, struct node *b, int label,
			bool when)
{
	struct strrep rep = rep_join(gen_rep(e, a), gen_rep(e, b));
	bool equality = op == OP_EQ || op == OP_NE;
	int through = ir_label(e->ir);
	struct value va, vb;

	if (!equality && !rep_is_ordered(rep))
		rep.rep = REP_BYTES;
	gen_string_as(e, a, rep, &va);
	gen_string_as(e, b, rep, &vb);
	emit_branch_point(e);
	emit_string_compare(e, op, &va, &vb, when ? label : through, when ? through : label);
	ir_place(e->ir, through);
}
