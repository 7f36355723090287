/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables: reading and assigning.
 *
 * Reading what was never assigned gives 0; assigning 0 removes an element.
 *
 * An integer variable keeps all 64 bits of what it is assigned, as DTrace's do,
 * whatever its declared type: published scripts keep timestamps in an int. The
 * type says how the value takes part in expressions and how it prints.
 */
#include <stddef.h>
#include <string.h>

#include "builtin/builtin.h"
#include "codegen/gen.h"

/* --- this-> variables --- */

static bool is_this(const struct symbol *s)
{
	return s->scope == SCOPE_THIS && !s->nkeys && s->place && s->type;
}

/* In registers of the program, or in the firing's memory where it goes on in further ones. */
void gen_this_begin(struct emit *e)
{
	for (struct symbol *s = e->script->variables; s; s = s->next) {
		struct var_place *vp = gen_place(s);

		if (!is_this(s))
			continue;
		if (vp->as_in_c) {
			vp->bytes = emit_firing_memory(e, emit_scratch_reserve(e, vp->size));
			emit_zero(e, vp->bytes, vp->size);
			continue;
		}
		if (data_is_text(s) && vp->rep.rep.rep == REP_BYTES) {
			vp->bytes = emit_room(e, vp->rep.rep.cap);
			emit_zero(e, vp->bytes, vp->rep.rep.cap);
			continue;
		}
		for (int i = 0; i < 3; i++) {
			vp->word[i] = ir_reg(e->ir);
			ir_const(e->ir, vp->word[i], 0);
		}
		vp->reg = vp->word[0];
	}
}

static struct place this_memory(struct emit *e, const struct var_place *vp)
{
	return emit_firing_memory(e, gen(e)->this_at + vp->off);
}

static void this_read(struct emit *e, const struct symbol *sym, struct value *out)
{
	const struct var_place *vp = gen_place(sym);
	int reg = ir_reg(e->ir);

	if (!data_is_text(sym)) {
		if (emit_is_careful(e))
			ir_fresh(e->ir, reg, vp->reg);
		else
			ir_mov(e->ir, reg, vp->reg);
		data_number(sym, reg, out);
		return;
	}
	value_string(out, vp->rep.rep);
	if (vp->rep.rep.rep == REP_BYTES)
		out->bytes = vp->bytes;
	for (int i = 0; i < rep_words(vp->rep.rep); i++) {
		out->word[i] = ir_reg(e->ir);
		ir_mov(e->ir, out->word[i], vp->word[i]);
	}
}

static void this_assign(struct emit *e, const struct symbol *sym, const struct value *v)
{
	const struct var_place *vp = gen_place(sym);

	if (!data_is_text(sym)) {
		int reg = emit_as_int(e, v);

		ir_mov(e->ir, vp->reg, emit_opaque(e, reg));
		return;
	}
	if (vp->rep.rep.rep == REP_BYTES)
		emit_copy(e, vp->bytes, v->bytes, vp->rep.rep.cap);
	for (int i = 0; i < rep_words(vp->rep.rep); i++)
		ir_mov(e->ir, vp->word[i], v->word[i]);
}

/* --- scalars --- */

/* Where a scalar lies in memory; false: in registers. */
static bool scalar_memory(struct emit *e, const struct symbol *sym, struct place *at)
{
	const struct var_place *vp = gen_place(sym);

	if (sym->scope == SCOPE_GLOBAL)
		*at = (struct place){SPACE_MAP, emit_globals(e, vp->off), 0};
	else if (emit_firing_in_memory(e))
		*at = this_memory(e, vp);
	else if (vp->as_in_c)
		*at = vp->bytes;
	else
		return false;
	return true;
}

static void scalar_read(struct emit *e, const struct symbol *sym, struct value *out)
{
	struct place at;

	if (scalar_memory(e, sym, &at))
		data_read(e, sym, at, out);
	else
		this_read(e, sym, out);
}

static void scalar_assign(struct emit *e, const struct symbol *sym, const struct value *v)
{
	struct place at;

	if (scalar_memory(e, sym, &at))
		data_write(e, sym, at, v);
	else
		this_assign(e, sym, v);
}

/* --- inlines --- */

static void bind(struct emit *e, const struct symbol *sym, int i, struct node *a, struct binding *b)
{
	*b = (struct binding){.sym = sym->params[i]};
	if (type_is_string(sym->keys[i])) {
		b->rep = gen_rep(e, a);
		gen_string_as(e, a, b->rep, &b->value);
		return;
	}
	gen_expr(e, a, &b->value);
	if (b->value.kind == VALUE_INT)
		b->value.reg = emit_convert(e, b->value.reg, a->type, sym->keys[i]);
}

static void inline_value(struct emit *e, struct node *n, struct value *out)
{
	struct symbol *sym = n->sym;
	struct codegen *cg = gen(e);
	struct binding *saved = cg->bindings, *b;
	struct node *a = n->kind == NODE_INDEX ? n->args : NULL;

	b = arena_alloc(e->arena, (sym->nkeys + 1) * sizeof(*b));
	for (int i = 0; i < sym->nkeys && a; i++, a = a->next)
		bind(e, sym, i, a, &b[i]);
	/* Bound only now: an argument must not see its siblings. */
	for (int i = 0; i < sym->nkeys; i++) {
		b[i].outer = cg->bindings;
		cg->bindings = &b[i];
	}
	gen_expr(e, sym->expr, out);
	if (out->kind == VALUE_INT && type_is_integer(sym->type))
		out->reg = emit_convert(e, out->reg, sym->expr->type, sym->type);
	cg->bindings = saved;
}

/* --- variables --- */

/* The key of a variable that is an element: evaluated once, however often the element is used. */
static void variable_key(struct emit *e, struct node *n, struct tuple *t)
{
	struct key_layout k = element_key_layout(n->sym);

	gen_tuple(e, n->sym->nkeys ? n->args : NULL, &k, t);
}

static void variable_read(struct emit *e, struct symbol *sym, const struct tuple *t,
			  struct value *out)
{
	if (element_is(sym))
		element_read(e, sym, t, out);
	else
		scalar_read(e, sym, out);
}

/* NODE_NAME and NODE_INDEX as values. */
void gen_variable(struct emit *e, struct node *n, struct value *out)
{
	struct symbol *sym = n->sym;
	struct tuple t;

	if (n->kind == NODE_NAME && n->builtin) {
		n->builtin->code(e, n, out);
		return;
	}
	if (!sym && n->kind == NODE_INDEX && type_resolve(n->left->type)->kind == TYPE_STRING) {
		gen_character(e, n, out);
		return;
	}
	if (!sym) {
		gen_lvalue(e, n, out);
		gen_load_value(e, out->at, n->type, 0, 0, out);
		return;
	}
	switch (sym->kind) {
	case SYM_INLINE:
		inline_value(e, n, out);
		return;
	case SYM_PARAM:
		*out = gen_binding(e, sym)->value;
		return;
	case SYM_BUILTIN:
		sym->builtin->code(e, n, out);
		return;
	case SYM_VARIABLE:
		variable_key(e, n, &t);
		variable_read(e, sym, &t, out);
		return;
	}
}

struct place gen_variable_at(struct emit *e, struct node *n, bool write)
{
	struct place at = {SPACE_KERNEL, -1, 0};
	struct tuple t;

	if (n->sym->kind != SYM_VARIABLE || !gen_place(n->sym)->as_in_c) {
		emit_error(e, n->loc, "D_OP_LVAL", "only variables can be assigned to");
		at.base = emit_const(e, 0);
		return at;
	}
	if (!element_is(n->sym)) {
		scalar_memory(e, n->sym, &at);
		return at;
	}
	variable_key(e, n, &t);
	return write ? element_to_write(e, n->sym, &t) : element_at(e, n->sym, &t);
}

/* --- assignment --- */

/* right: the expression, if it is assigned as it is. */
static void assign_value(struct emit *e, struct symbol *sym, const struct tuple *t,
			 struct node *right, const struct value *v)
{
	if (element_is(sym))
		element_assign(e, sym, t, right, v);
	else
		scalar_assign(e, sym, v);
}

/* x += e on a global whose value nobody asks for: one atomic addition, exact on any number of
 * CPUs. */
static bool add_atomically(struct emit *e, struct node *target, int delta)
{
	struct symbol *sym = target->sym;
	struct type *t = type_resolve(sym->type);

	if (sym->scope != SCOPE_GLOBAL || sym->nkeys || t->kind == TYPE_POINTER || t->size != 8)
		return false;
	ir_atomic(e->ir, IR_ATOMIC_ADD, -1, emit_globals(e, gen_place(sym)->off), 0, delta, -1, 8);
	return true;
}

/* target op= right; the new value in a register */
static int assign_op(struct emit *e, struct node *n, bool unused)
{
	struct node *target = n->left;
	struct type *common = n->operand_type ? n->operand_type : target->type;
	int64_t divisor = gen_divisor(n, common);
	struct value v, old;
	struct tuple t;
	int b, reg;

	b = divisor ? -1 : emit_convert(e, emit_int(e, n->right), n->right->type, common);
	if (unused && n->op == OP_ADD && add_atomically(e, target, b))
		return b;
	variable_key(e, target, &t);
	variable_read(e, target->sym, &t, &old);
	reg = gen_arith(e, n->op, emit_convert(e, emit_as_int(e, &old), target->type, common), b,
			common, divisor);
	value_int(&v, reg);
	assign_value(e, target->sym, &t, NULL, &v);
	return reg;
}

/* It is no variable as a whole, or one that is cleared in its place. */
static bool is_stored(const struct node *target)
{
	const struct symbol *sym = target->sym;

	return !sym || sym->kind != SYM_VARIABLE ||
	       (data_is_composite(sym->type) && !element_is(sym));
}

void gen_assign(struct emit *e, struct node *n, bool unused, struct value *out)
{
	struct node *target = n->left;
	struct tuple t;
	struct value v;

	if (is_stored(target) || n->args) {
		data_assign(e, n, out);
		return;
	}
	if (n->op != OP_NONE) {
		data_number(target->sym, assign_op(e, n, unused), out);
		return;
	}
	if (data_is_text(target->sym))
		gen_string_as(e, n->right, gen_place(target->sym)->rep.rep, &v);
	else
		data_value(e, target, n->right, &v);
	variable_key(e, target, &t);
	assign_value(e, target->sym, &t, n->right, &v);
	if (v.kind != VALUE_INT)
		*out = v;
	else
		data_number(target->sym, v.reg, out);
}

void gen_increment(struct emit *e, struct node *n, bool unused, struct value *out)
{
	struct node *target = n->left;
	bool up = n->op == OP_PREINC || n->op == OP_POSTINC,
	     post = n->op == OP_POSTINC || n->op == OP_POSTDEC;
	struct type *type = type_resolve(target->type);
	int64_t step = type->kind == TYPE_POINTER ? (int64_t)type_resolve(type->base)->size : 1;
	struct value old, v;
	struct tuple t;
	int reg;

	if (is_stored(target)) {
		data_increment(e, n, up ? step : -step, post, out);
		return;
	}
	if (unused && add_atomically(e, target, emit_const(e, up ? 1 : -1))) {
		value_int(out, emit_const(e, 0));
		return;
	}
	variable_key(e, target, &t);
	variable_read(e, target->sym, &t, &old);
	reg = ir_reg(e->ir);
	ir_alui(e->ir, IR_ADD, reg, emit_as_int(e, &old), up ? step : -step);
	if (type->size < 8 && type->kind != TYPE_POINTER) {
		int wide = ir_reg(e->ir);

		ir_extend(e->ir, wide, reg, type->size, type->is_signed);
		reg = wide;
	}
	value_int(&v, reg);
	assign_value(e, target->sym, &t, NULL, &v);
	*out = post ? old : v;
}
