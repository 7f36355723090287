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
		if (type_is_string(s->type) && vp->rep.rep.rep == REP_BYTES) {
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

static void number_of_type(const struct symbol *sym, int reg, struct value *out)
{
	if (type_resolve(sym->type)->kind == TYPE_POINTER)
		value_pointer(out, SPACE_KERNEL, reg, true);
	else
		value_int(out, reg);
}

static void this_read(struct emit *e, const struct symbol *sym, struct value *out)
{
	const struct var_place *vp = gen_place(sym);
	int reg = ir_reg(e->ir);

	if (!type_is_string(sym->type)) {
		if (emit_is_careful(e))
			ir_fresh(e->ir, reg, vp->reg);
		else
			ir_mov(e->ir, reg, vp->reg);
		number_of_type(sym, reg, out);
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

	if (v->kind != VALUE_STRING) {
		int reg = emit_as_int(e, v);

		ir_mov(e->ir, vp->reg, emit_opaque(e, reg));
		return;
	}
	if (vp->rep.rep.rep == REP_BYTES)
		emit_copy(e, vp->bytes, v->bytes, vp->rep.rep.cap);
	for (int i = 0; i < rep_words(vp->rep.rep); i++)
		ir_mov(e->ir, vp->word[i], v->word[i]);
}

/* --- values in memory --- */

static void memory_read(struct emit *e, const struct symbol *sym, struct place at,
			struct value *out)
{
	int reg;

	if (type_is_string(sym->type)) {
		emit_string_load(e, at, gen_place(sym)->rep.rep, out);
		return;
	}
	reg = ir_reg(e->ir);
	ir_load(e->ir, reg, at.base, at.off, 8);
	number_of_type(sym, reg, out);
}

static void memory_write(struct emit *e, struct place at, const struct value *v)
{
	if (v->kind == VALUE_STRING)
		emit_string_store(e, v, at);
	else
		emit_store(e, at, emit_as_int(e, v), 8);
}

/* Where a scalar lies in memory; false: in registers. */
static bool scalar_memory(struct emit *e, const struct symbol *sym, struct place *at)
{
	const struct var_place *vp = gen_place(sym);

	if (sym->scope == SCOPE_GLOBAL)
		*at = (struct place){SPACE_MAP, emit_globals(e, vp->off), 0};
	else if (emit_firing_in_memory(e))
		*at = this_memory(e, vp);
	else
		return false;
	return true;
}

static void scalar_read(struct emit *e, const struct symbol *sym, struct value *out)
{
	struct place at;

	if (scalar_memory(e, sym, &at))
		memory_read(e, sym, at, out);
	else
		this_read(e, sym, out);
}

static void scalar_assign(struct emit *e, const struct symbol *sym, const struct value *v)
{
	struct place at;

	if (scalar_memory(e, sym, &at))
		memory_write(e, at, v);
	else
		this_assign(e, sym, v);
}

/* What tells one tuple from another in the cache; their number, -1: nothing does. */
static int tuple_identity(struct emit *e, const struct symbol *sym, const struct tuple *t, int *ids)
{
	int n = 0;

	if (t->stored)
		return -1;
	if (sym->scope == SCOPE_SELF)
		ids[n++] = emit_tid(e);
	for (int i = 0; i < t->n; i++) {
		const struct value *v = &t->value[i];

		if (v->kind != VALUE_STRING)
			ids[n++] = v->reg;
		else if (v->rep.rep == REP_BYTES)
			return -1;
		else
			for (int w = 0; w < rep_words(v->rep); w++)
				ids[n++] = v->word[w];
	}
	return n;
}

/* --- elements --- */

/* The first word of the key: the thread, and above it the variable where several share a map. */
static void store_key_head(struct emit *e, const struct symbol *sym, struct place key)
{
	int id = emit_const(e, gen_place(sym)->id);

	if (sym->scope != SCOPE_SELF) {
		emit_store(e, key, id, 8);
		return;
	}
	emit_store(e, key, emit_tid(e), 4);
	emit_store(e, place_at(key, 4), id, 4);
}

static struct key_layout layout_of(const struct symbol *sym)
{
	const struct var_place *vp = gen_place(sym);

	return (struct key_layout){sym->keys,  vp->key_rep,    vp->keys,
				   sym->nkeys, vp->id ? 8 : 0, vp->key_size};
}

static struct place element_key(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	struct key_layout k = layout_of(sym);
	struct place key = gen_tuple_key(e, &k, t);

	if (k.head)
		store_key_head(e, sym, key);
	return key;
}

/* The key of an element in the cache; n -1: it cannot be there. */
struct identity {
	int *ids;
	int n;
};

static struct identity identify(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	struct identity id = {arena_alloc(e->arena, (3 * t->n + 1) * sizeof(int)), 0};

	id.n = tuple_identity(e, sym, t, id.ids);
	return id;
}

/* A register with the element's address or NULL; kept for the next use. */
static int element_find(struct emit *e, const struct symbol *sym, const struct tuple *t,
			struct identity id)
{
	int reg = id.n >= 0 ? emit_cached_element(e, sym, id.ids, id.n) : -1;

	if (reg >= 0)
		return reg;
	reg = emit_map_lookup(e, gen_place(sym)->map, element_key(e, sym, t));
	if (id.n >= 0)
		emit_cache_address(e, sym, id.ids, id.n, reg);
	return reg;
}

static void element_read_string(struct emit *e, const struct symbol *sym, int elem,
				struct value *out)
{
	struct strrep rep = gen_place(sym)->rep.rep;
	int done = ir_label(e->ir);
	struct value v;

	value_string(out, rep);
	for (int i = 0; i < rep_words(rep); i++) {
		out->word[i] = ir_reg(e->ir);
		ir_const(e->ir, out->word[i], 0);
	}
	if (rep.rep == REP_BYTES) {
		out->bytes = emit_room(e, rep.cap);
		emit_zero(e, out->bytes, rep.cap);
	}
	ir_branchi(e->ir, IR_EQ, elem, 0, done);
	emit_string_load(e, (struct place){SPACE_MAP, elem, 0}, rep, &v);
	if (rep.rep == REP_BYTES)
		emit_copy(e, out->bytes, v.bytes, rep.cap);
	for (int i = 0; i < rep_words(rep); i++)
		ir_mov(e->ir, out->word[i], v.word[i]);
	ir_place(e->ir, done);
}

static void element_read(struct emit *e, const struct symbol *sym, const struct tuple *t,
			 struct value *out)
{
	struct identity id = identify(e, sym, t);
	const void *value_tag = gen_place(sym);
	int reg = -1, elem, done;

	if (type_is_string(sym->type)) {
		element_read_string(e, sym, element_find(e, sym, t, id), out);
		return;
	}
	if (id.n >= 0)
		reg = emit_cached_element(e, value_tag, id.ids, id.n);
	if (reg < 0) {
		elem = element_find(e, sym, t, id);
		reg = ir_reg(e->ir);
		done = ir_label(e->ir);
		ir_const(e->ir, reg, 0);
		ir_branchi(e->ir, IR_EQ, elem, 0, done);
		ir_load(e->ir, reg, elem, 0, 8);
		ir_place(e->ir, done);
		if (id.n >= 0)
			emit_cache_element(e, value_tag, id.ids, id.n, reg);
	}
	number_of_type(sym, reg, out);
}

/* Elements found and read so far may be gone or new. */
static void forget(struct emit *e, const struct symbol *sym)
{
	emit_forget_elements(e, sym);
	emit_forget_elements(e, gen_place(sym));
}

/* Makes the element or another in its place; counts it as lost if there is no room. */
static void element_put(struct emit *e, const struct symbol *sym, const struct tuple *t,
			const struct value *v)
{
	const struct var_place *vp = gen_place(sym);
	struct place value = emit_room(e, vp->size);

	memory_write(e, value, v);
	emit_map_update(e, vp->map, element_key(e, sym, t), value, offsetof(struct drops, dynamic));
}

/* Where it is, to store into; -1: it is not looked for. */
static int element_to_store(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	return emit_is_compact(e) ? -1 : element_find(e, sym, t, identify(e, sym, t));
}

static void element_store(struct emit *e, const struct symbol *sym, const struct tuple *t, int elem,
			  const struct value *v)
{
	int missing = ir_label(e->ir), done = ir_label(e->ir);

	if (elem < 0) {
		element_put(e, sym, t, v);
		forget(e, sym);
		return;
	}
	ir_branchi(e->ir, IR_EQ, elem, 0, missing);
	memory_write(e, (struct place){SPACE_MAP, elem, 0}, v);
	ir_jump(e->ir, done);
	ir_place(e->ir, missing);
	element_put(e, sym, t, v);
	ir_place(e->ir, done);
	forget(e, sym);
}

static void element_delete(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	emit_map_delete(e, gen_place(sym)->map, element_key(e, sym, t));
	forget(e, sym);
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

static bool is_element(const struct symbol *sym)
{
	return sym->nkeys || sym->scope == SCOPE_SELF;
}

/* The key of a variable that is an element: evaluated once, however often the element is used. */
static void variable_key(struct emit *e, struct node *n, struct tuple *t)
{
	struct key_layout k = layout_of(n->sym);

	gen_tuple(e, n->sym->nkeys ? n->args : NULL, &k, t);
}

static void variable_read(struct emit *e, struct symbol *sym, const struct tuple *t,
			  struct value *out)
{
	if (is_element(sym))
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

/* --- assignment --- */

static void element_assign(struct emit *e, struct symbol *sym, const struct tuple *t,
			   struct node *right, const struct value *v)
{
	int64_t c = 0;
	bool known = right && gen_constant(right, &c);
	int keep, done, elem;
	size_t mark;

	if (known && c == 0) {
		element_delete(e, sym, t);
		return;
	}
	if (known || v->kind == VALUE_STRING) {
		element_store(e, sym, t, element_to_store(e, sym, t), v);
		return;
	}
	keep = ir_label(e->ir);
	done = ir_label(e->ir);
	elem = element_to_store(e, sym, t);
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_NE, emit_tested(e, emit_as_int(e, v)), 0, keep);
	element_delete(e, sym, t);
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);
	ir_place(e->ir, keep);
	element_store(e, sym, t, elem, v);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
}

/* right: the expression, if it is assigned as it is. */
static void assign_value(struct emit *e, struct symbol *sym, const struct tuple *t,
			 struct node *right, const struct value *v)
{
	if (is_element(sym))
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

void gen_assign(struct emit *e, struct node *n, bool unused, struct value *out)
{
	struct node *target = n->left;
	struct tuple t;
	struct value v;

	if (!target->sym || target->sym->kind != SYM_VARIABLE) {
		emit_error(e, n->loc, "D_OP_LVAL", "only variables can be assigned to");
		value_int(out, emit_const(e, 0));
		return;
	}
	if (n->op != OP_NONE) {
		number_of_type(target->sym, assign_op(e, n, unused), out);
		return;
	}
	if (type_is_string(target->type))
		gen_string_as(e, n->right, gen_place(target->sym)->rep.rep, &v);
	else
		value_int(&v, emit_int(e, n->right));
	variable_key(e, target, &t);
	assign_value(e, target->sym, &t, n->right, &v);
	if (v.kind == VALUE_STRING)
		*out = v;
	else
		number_of_type(target->sym, v.reg, out);
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

	if (!target->sym || target->sym->kind != SYM_VARIABLE) {
		emit_error(e, n->loc, "D_OP_LVAL", "only variables can be changed by ++ and --");
		value_int(out, emit_const(e, 0));
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
