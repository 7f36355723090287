/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Variables: where they live, reading, assignment.
 *
 *	global scalar		a place in the value of one array map
 *	this->			registers of the program; bytes on its stack
 *	array, self->		a hash map each, exact key size; a thread-local's
 *				key begins with the thread id
 *
 * Reading what was never assigned gives 0; assigning 0 removes an element.
 *
 * An integer variable keeps all 64 bits of what it is assigned, as DTrace's do,
 * whatever its declared type: published scripts keep timestamps in an int. The
 * type says how the value takes part in expressions and how it prints.
 *
 * How strings lie is decided before any code is made: codegen_variables() joins
 * the representations of all that is assigned to a variable, or used as a key
 * at a position, until nothing changes any more.
 */
#include "codegen/cg.h"

#include <string.h>

#include "builtin/builtin.h"

static struct var_place *place_of(const struct symbol *sym)
{
	return sym->place;
}

static bool grow(struct strrep *rep, bool *known, struct strrep by)
{
	struct strrep was = *rep;

	*rep = *known ? cg_rep_join(*rep, by) : by;
	if (*known && was.rep == rep->rep && was.cap == rep->cap)
		return false;
	*known = true;
	return true;
}

static bool key_reps(struct codegen *cg, struct strrep *reps, bool *known, struct node *args)
{
	bool changed = false;
	int i = 0;

	for (struct node *a = args; a && i < KEYS_MAX; a = a->next, i++)
		if (type_is_string(a->type))
			changed |= grow(&reps[i], &known[i], cg_rep(cg, a));
	return changed;
}

struct agg_reps *cg_agg_reps(struct codegen *cg, struct aggregation *a)
{
	if (!a->place) {
		struct agg_reps *r = ARENA_NEW(cg->arena, struct agg_reps);

		r->def = -1;
		a->place = r;
	}
	return a->place;
}

static bool reps_walk(struct codegen *cg, struct node *n)
{
	bool changed = false;

	for (; n; n = n->next) {
		/* left-deep chains of operators are as long as a line can be */
		if (n->left)
			changed |= reps_walk(cg, n->left);
		if (n->right)
			changed |= reps_walk(cg, n->right);
		if (n->third)
			changed |= reps_walk(cg, n->third);
		if (n->args)
			changed |= reps_walk(cg, n->args);
		if (n->kind == NODE_MEMBER && n->xmember)
			changed |= reps_walk(cg, n->xmember->expr);
		if (n->kind == NODE_INDEX && n->sym && n->sym->kind == SYM_VARIABLE &&
		    n->sym->place)
			changed |= key_reps(cg, place_of(n->sym)->key_rep,
					    place_of(n->sym)->key_rep_known, n->args);
		if (n->kind == NODE_AGG && n->agg && n->args) {
			struct agg_reps *r = cg_agg_reps(cg, n->agg);

			changed |= key_reps(cg, r->rep, r->known, n->args);
		}
		if (n->kind == NODE_ASSIGN && n->left->sym && n->left->sym->place &&
		    type_is_string(n->left->type)) {
			struct var_place *vp = place_of(n->left->sym);

			changed |= grow(&vp->rep, &vp->rep_known, cg_rep(cg, n->right));
		}
	}
	return changed;
}

static void value_size(struct codegen *cg, struct symbol *sym, struct var_place *vp)
{
	struct type *t = type_resolve(sym->type);

	if (type_is_string(sym->type)) {
		if (!vp->rep_known)
			vp->rep = (struct strrep){REP_LITERAL, 8};
		vp->rep_known = true;
		vp->size = cg_rep_size(vp->rep);
	} else if (type_is_struct(t)) {
		cg_error(cg, sym->loc, "D_VAR_STRUCT",
			 "variables of struct type are not supported; keep a pointer");
		vp->size = 8;
	} else {
		vp->size = 8;
	}
}

static void lay_out(struct codegen *cg, struct symbol *sym)
{
	struct var_place *vp = place_of(sym);
	uint32_t off = 0;

	if (!sym->type)
		return;
	value_size(cg, sym, vp);
	if (sym->scope == SCOPE_THIS && !sym->nkeys)
		return;
	if (sym->scope == SCOPE_GLOBAL && !sym->nkeys) {
		vp->map = cg->globals_map;
		vp->off = cg->globals_size;
		cg->globals_size += (vp->size + 7) & ~7u;
		return;
	}
	for (int i = 0; i < sym->nkeys; i++) {
		struct item *it = &vp->keys[i];

		it->type = sym->keys[i];
		if (type_is_string(sym->keys[i])) {
			if (!vp->key_rep_known[i])
				vp->key_rep[i] = (struct strrep){REP_LITERAL, 8};
			vp->key_rep_known[i] = true;
			it->kind = cg_rep_item(vp->key_rep[i]);
			it->size = cg_rep_size(vp->key_rep[i]);
		} else {
			struct type *t = type_resolve(sym->keys[i]);

			it->kind = ITEM_INT;
			it->size = t->kind == TYPE_POINTER || !t->size || t->size > 8 ? 8 : t->size;
			it->is_signed = t->is_signed;
		}
	}
	if (sym->scope == SCOPE_SELF)
		off = 8;
	vp->key_size = cg_key_layout(vp->keys, sym->nkeys, off);
	vp->map = cg_map(cg, (struct map_def){
				     .name = sym->name,
				     .role = MAP_PLAIN,
				     .type = BPF_MAP_TYPE_HASH,
				     .key_size = vp->key_size,
				     .value_size = vp->size,
				     .max_entries = 0, /* from dynvarsize, at the end */
				     .flags = BPF_F_NO_PREALLOC,
			     });
}

int codegen_variables(struct codegen *cg)
{
	bool changed = true;

	for (struct symbol *s = cg->script->variables; s; s = s->next) {
		if (s->nkeys > KEYS_MAX) {
			cg_error(cg, s->loc, "D_KEY_MANY",
				 "%s has %d keys; at most %d are supported", s->name, s->nkeys,
				 KEYS_MAX);
			continue;
		}
		s->place = ARENA_NEW(cg->arena, struct var_place);
		place_of(s)->map = -1;
	}
	while (changed && !diag_failed(cg->diag)) {
		changed = false;
		for (int i = 0; i < cg->nclauses; i++) {
			changed |= reps_walk(cg, cg->clauses[i]->predicate);
			changed |= reps_walk(cg, cg->clauses[i]->body);
		}
	}
	for (struct symbol *s = cg->script->variables; s; s = s->next)
		if (s->place)
			lay_out(cg, s);
	return diag_failed(cg->diag) ? -1 : 0;
}

/* this-> variables begin each firing empty. */
void cg_this_reset(struct codegen *cg)
{
	for (struct symbol *s = cg->script->variables; s; s = s->next) {
		struct var_place *vp = place_of(s);

		if (s->scope != SCOPE_THIS || s->nkeys || !vp || !s->type)
			continue;
		if (type_is_string(s->type) && vp->rep.rep == REP_BYTES) {
			vp->bytes = cg_room(cg, vp->rep.cap);
			cg_zero(cg, vp->bytes, vp->rep.cap);
			continue;
		}
		for (int i = 0; i < 3; i++) {
			vp->word[i] = ir_reg(cg->ir);
			ir_const(cg->ir, vp->word[i], 0);
		}
		vp->reg = vp->word[0];
	}
}

static void key_values(struct codegen *cg, struct symbol *sym, struct node *args,
		       struct key_value *k)
{
	struct var_place *vp = place_of(sym);

	k->n = 0;
	for (struct node *a = args; a && k->n < KEYS_MAX; a = a->next) {
		struct value *v = &k->value[k->n];

		if (type_is_string(sym->keys[k->n]))
			cg_string_as(cg, a, vp->key_rep[k->n], v);
		else
			cg_value_int(v, cg_convert(cg, cg_int(cg, a), a->type, sym->keys[k->n]));
		k->n++;
	}
}

static int thread_id(struct codegen *cg)
{
	static const char tag[] = "tid";
	int reg = cg_cached_call(cg, tag), wide;

	if (reg >= 0)
		return reg;
	wide = ir_reg(cg->ir);
	reg = ir_reg(cg->ir);
	IR_CALL0(cg->ir, wide, BPF_FUNC_get_current_task);
	reg = cg_peek_field(cg, (struct place){SPACE_KERNEL, wide, 0}, "task_struct", "pid");
	cg_cache_call(cg, tag, reg);
	return reg;
}

struct place cg_key_place(struct codegen *cg, uint32_t size)
{
	if (size > cg->key_room) {
		cg->key_room = size;
		cg->key = cg_room(cg, size);
	}
	return cg->key;
}

/* What tells one tuple from another in the cache of looked-up elements. */
static int key_identity(struct codegen *cg, const struct symbol *sym, const struct key_value *k,
			int *ids)
{
	int n = 0;

	if (sym->scope == SCOPE_SELF)
		ids[n++] = thread_id(cg);
	for (int i = 0; i < k->n; i++) {
		const struct value *v = &k->value[i];

		if (v->kind != VALUE_STRING)
			ids[n++] = v->reg;
		else if (v->rep.rep == REP_BYTES)
			return -1;
		else
			for (int w = 0; w < cg_rep_words(v->rep); w++)
				ids[n++] = v->word[w];
	}
	return n;
}

static struct cached *element_cached(struct codegen *cg, const struct symbol *sym, const int *ids,
				     int n)
{
	for (size_t i = cg->cache.n; i-- > 0;) {
		struct cached *c = &cg->cache.at[i];

		if (c->kind == CACHED_ELEMENT && c->tag == sym && c->nkeys == n &&
		    !memcmp(c->keys, ids, n * sizeof(*ids)))
			return c;
	}
	return NULL;
}

/* Elements found so far may be gone or new. */
static void elements_forget(struct codegen *cg, const struct symbol *sym)
{
	for (size_t i = 0; i < cg->cache.n; i++)
		if (cg->cache.at[i].kind == CACHED_ELEMENT && cg->cache.at[i].tag == sym)
			cg->cache.at[i].nkeys = -1;
}

static struct place element_key(struct codegen *cg, const struct symbol *sym,
				const struct key_value *k)
{
	struct var_place *vp = place_of(sym);
	struct place key = cg_key_place(cg, vp->key_size);
	uint32_t from = 0;

	if (sym->scope == SCOPE_SELF) {
		cg_store(cg, key, thread_id(cg), 8);
		from = 8;
	}
	cg_key_store(cg, vp->keys, k, vp->key_size, key, from);
	return key;
}

/* A register with the element's address or NULL. */
static int element_find(struct codegen *cg, const struct symbol *sym, const struct key_value *k)
{
	struct var_place *vp = place_of(sym);
	struct cached c = {.kind = CACHED_ELEMENT, .tag = sym, .base = -1};
	int n = key_identity(cg, sym, k, c.keys), map;
	struct cached *hit = n >= 0 ? element_cached(cg, sym, c.keys, n) : NULL;
	struct place key;

	if (hit)
		return hit->reg;
	key = element_key(cg, sym, k);
	map = ir_reg(cg->ir);
	c.reg = ir_reg(cg->ir);
	ir_map(cg->ir, map, vp->map);
	IR_CALL(cg->ir, c.reg, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
	if (n >= 0) {
		c.nkeys = n;
		vec_push(&cg->cache, c);
	}
	return c.reg;
}

static void read_string(struct codegen *cg, struct symbol *sym, int elem, struct value *out)
{
	struct var_place *vp = place_of(sym);
	int done = ir_label(cg->ir);
	struct value v;

	*out = (struct value){.kind = VALUE_STRING, .rep = vp->rep, .literal = -1};
	for (int i = 0; i < cg_rep_words(vp->rep); i++) {
		out->word[i] = ir_reg(cg->ir);
		ir_const(cg->ir, out->word[i], 0);
	}
	if (vp->rep.rep == REP_BYTES) {
		out->bytes = cg_room(cg, vp->rep.cap);
		cg_zero(cg, out->bytes, vp->rep.cap);
	}
	ir_branchi(cg->ir, IR_EQ, elem, 0, done);
	cg_string_load(cg, (struct place){SPACE_MAP, elem, 0}, vp->rep, &v);
	if (vp->rep.rep == REP_BYTES)
		cg_copy(cg, out->bytes, v.bytes, vp->rep.cap);
	for (int i = 0; i < cg_rep_words(vp->rep); i++)
		ir_mov(cg->ir, out->word[i], v.word[i]);
	ir_place(cg->ir, done);
}

static void pointer_or_int(struct symbol *sym, int reg, struct value *out)
{
	enum type_kind k = type_resolve(sym->type)->kind;

	if (k == TYPE_POINTER)
		cg_value_pointer(out, SPACE_KERNEL, reg, true);
	else
		cg_value_int(out, reg);
}

static void element_read(struct codegen *cg, struct symbol *sym, const struct key_value *k,
			 struct value *out)
{
	int elem = element_find(cg, sym, k), reg, done;

	if (type_is_string(sym->type)) {
		read_string(cg, sym, elem, out);
		return;
	}
	reg = ir_reg(cg->ir);
	done = ir_label(cg->ir);
	ir_const(cg->ir, reg, 0);
	ir_branchi(cg->ir, IR_EQ, elem, 0, done);
	ir_load(cg->ir, reg, elem, 0, 8);
	ir_place(cg->ir, done);
	pointer_or_int(sym, reg, out);
}

static int globals_at(struct codegen *cg, uint32_t off)
{
	int addr = ir_reg(cg->ir);

	ir_map_value(cg->ir, addr, cg->globals_map, off);
	return addr;
}

static void scalar_read(struct codegen *cg, struct symbol *sym, struct value *out)
{
	struct var_place *vp = place_of(sym);
	int reg;

	if (sym->scope == SCOPE_THIS) {
		if (type_is_string(sym->type)) {
			*out = (struct value){.kind = VALUE_STRING, .rep = vp->rep, .literal = -1};
			if (vp->rep.rep == REP_BYTES) {
				out->bytes = vp->bytes;
				return;
			}
			for (int i = 0; i < 3; i++) {
				out->word[i] = ir_reg(cg->ir);
				ir_mov(cg->ir, out->word[i], vp->word[i]);
			}
			return;
		}
		reg = ir_reg(cg->ir);
		ir_mov(cg->ir, reg, vp->reg);
		pointer_or_int(sym, reg, out);
		return;
	}
	if (type_is_string(sym->type)) {
		cg_string_load(cg, (struct place){SPACE_MAP, globals_at(cg, vp->off), 0}, vp->rep,
			       out);
		return;
	}
	reg = ir_reg(cg->ir);
	ir_load(cg->ir, reg, globals_at(cg, vp->off), 0, 8);
	pointer_or_int(sym, reg, out);
}

static void inline_value(struct codegen *cg, struct node *n, struct value *out)
{
	struct symbol *sym = n->sym;
	struct binding *saved = cg->bindings;
	struct binding b[KEYS_MAX];
	struct node *a = n->kind == NODE_INDEX ? n->args : NULL;

	for (int i = 0; i < sym->nkeys && i < KEYS_MAX && a; i++, a = a->next) {
		b[i] = (struct binding){.sym = sym->params[i]};
		if (type_is_string(sym->keys[i])) {
			b[i].rep = cg_rep(cg, a);
			cg_string_as(cg, a, b[i].rep, &b[i].value);
		} else {
			cg_expr(cg, a, &b[i].value);
			if (b[i].value.kind == VALUE_INT)
				b[i].value.reg =
					cg_convert(cg, b[i].value.reg, a->type, sym->keys[i]);
		}
	}
	/* Bound only now: an argument must not see its siblings. */
	for (int i = 0; i < sym->nkeys && i < KEYS_MAX; i++) {
		b[i].outer = cg->bindings;
		cg->bindings = &b[i];
	}
	cg_expr(cg, sym->expr, out);
	if (out->kind == VALUE_INT && type_is_integer(sym->type))
		out->reg = cg_convert(cg, out->reg, sym->expr->type, sym->type);
	cg->bindings = saved;
}

static bool is_element(const struct symbol *sym)
{
	return sym->nkeys || sym->scope == SCOPE_SELF;
}

/* The key of a variable that is an element: evaluated once, however often the element is used. */
static void variable_key(struct codegen *cg, struct node *n, struct key_value *k)
{
	k->n = 0;
	if (n->sym->nkeys)
		key_values(cg, n->sym, n->args, k);
}

static void variable_read(struct codegen *cg, struct symbol *sym, const struct key_value *k,
			  struct value *out)
{
	if (is_element(sym))
		element_read(cg, sym, k, out);
	else
		scalar_read(cg, sym, out);
}

/* NODE_NAME and NODE_INDEX as values. */
void cg_variable(struct codegen *cg, struct node *n, struct value *out)
{
	struct symbol *sym = n->sym;
	struct key_value k;
	struct binding *b;

	if (n->kind == NODE_NAME && n->builtin) {
		n->builtin->code(cg, n, out);
		return;
	}
	if (!sym) {
		cg_lvalue(cg, n, out);
		cg_load_value(cg, out->at, n->type, 0, 0, out);
		return;
	}
	switch (sym->kind) {
	case SYM_INLINE:
		inline_value(cg, n, out);
		return;
	case SYM_PARAM:
		b = cg_binding(cg, sym);
		*out = b->value;
		return;
	case SYM_BUILTIN:
		sym->builtin->code(cg, n, out);
		return;
	case SYM_VARIABLE:
		variable_key(cg, n, &k);
		variable_read(cg, sym, &k, out);
		return;
	}
}

/* elem may be NULL: makes the element, counts it as lost if there is no room. */
static void element_store(struct codegen *cg, const struct symbol *sym, const struct key_value *k,
			  int elem, const struct value *v)
{
	struct var_place *vp = place_of(sym);
	int missing = ir_label(cg->ir), done = ir_label(cg->ir), map = ir_reg(cg->ir),
	    ret = ir_reg(cg->ir);
	struct place key, val;

	ir_branchi(cg->ir, IR_EQ, elem, 0, missing);
	if (v->kind == VALUE_STRING)
		cg_string_store(cg, v, (struct place){SPACE_MAP, elem, 0});
	else
		ir_store(cg->ir, elem, 0, cg_as_int(cg, v), 8);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, missing);
	val = cg_room(cg, vp->size);
	if (v->kind == VALUE_STRING)
		cg_string_store(cg, v, val);
	else
		cg_store(cg, val, cg_as_int(cg, v), 8);
	key = element_key(cg, sym, k);
	ir_map(cg->ir, map, vp->map);
	IR_CALL(cg->ir, ret, BPF_FUNC_map_update_elem, map, cg_address(cg, key),
		cg_address(cg, val), cg_const(cg, BPF_ANY));
	ir_branchi(cg->ir, IR_EQ, ret, 0, done);
	cg_count_drop(cg, offsetof(struct drops, dynamic));
	ir_place(cg->ir, done);
	elements_forget(cg, sym);
}

static void element_delete(struct codegen *cg, const struct symbol *sym, const struct key_value *k)
{
	struct var_place *vp = place_of(sym);
	struct place key = element_key(cg, sym, k);
	int map = ir_reg(cg->ir);

	ir_map(cg->ir, map, vp->map);
	IR_CALL(cg->ir, -1, BPF_FUNC_map_delete_elem, map, cg_address(cg, key));
	elements_forget(cg, sym);
}

static bool constant(const struct node *n, int64_t *value)
{
	while (n->kind == NODE_CAST)
		n = n->left;
	*value = (int64_t)n->value;
	return n->kind == NODE_INT;
}

static void element_assign(struct codegen *cg, struct symbol *sym, const struct key_value *k,
			   struct node *right, const struct value *v)
{
	int64_t c;
	bool known = right && constant(right, &c);

	if (known && c == 0) {
		element_delete(cg, sym, k);
		return;
	}
	if (v->kind != VALUE_STRING && !known) {
		int keep = ir_label(cg->ir), done = ir_label(cg->ir);
		int elem = element_find(cg, sym, k);
		size_t mark = cg_scope(cg);

		ir_branchi(cg->ir, IR_NE, cg_as_int(cg, v), 0, keep);
		element_delete(cg, sym, k);
		ir_jump(cg->ir, done);
		ir_place(cg->ir, keep);
		element_store(cg, sym, k, elem, v);
		ir_place(cg->ir, done);
		cg_scope_end(cg, mark);
		return;
	}
	element_store(cg, sym, k, element_find(cg, sym, k), v);
}

static void scalar_assign(struct codegen *cg, struct symbol *sym, const struct value *v)
{
	struct var_place *vp = place_of(sym);

	if (sym->scope == SCOPE_THIS) {
		if (v->kind != VALUE_STRING)
			ir_mov(cg->ir, vp->reg, cg_as_int(cg, v));
		else if (vp->rep.rep == REP_BYTES)
			cg_copy(cg, vp->bytes, v->bytes, vp->rep.cap);
		else
			for (int i = 0; i < cg_rep_words(vp->rep); i++)
				ir_mov(cg->ir, vp->word[i], v->word[i]);
		return;
	}
	if (v->kind == VALUE_STRING)
		cg_string_store(cg, v, (struct place){SPACE_MAP, globals_at(cg, vp->off), 0});
	else
		ir_store(cg->ir, globals_at(cg, vp->off), 0, cg_as_int(cg, v), 8);
}

/* right: the expression, if it is assigned as it is. */
static void assign_value(struct codegen *cg, struct symbol *sym, const struct key_value *k,
			 struct node *right, const struct value *v)
{
	if (is_element(sym))
		element_assign(cg, sym, k, right, v);
	else
		scalar_assign(cg, sym, v);
}

/* x += e on a global whose value nobody asks for: one atomic addition, exact on any number of CPUs.
 */
static bool add_atomically(struct codegen *cg, struct node *target, int delta)
{
	struct symbol *sym = target->sym;
	struct type *t = type_resolve(sym->type);

	if (sym->scope != SCOPE_GLOBAL || sym->nkeys || t->kind == TYPE_POINTER || t->size != 8 ||
	    !cg->unused)
		return false;
	ir_atomic(cg->ir, IR_ATOMIC_ADD, -1, globals_at(cg, place_of(sym)->off), 0, delta, -1, 8);
	return true;
}

void cg_assign(struct codegen *cg, struct node *n, struct value *out)
{
	struct node *target = n->left;
	bool unused = cg->unused;
	struct value v, old;
	struct key_value k;
	int reg;

	cg->unused = false;
	if (!target->sym || target->sym->kind != SYM_VARIABLE) {
		cg_error(cg, n->loc, "D_OP_LVAL", "only variables can be assigned to");
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	if (type_is_string(target->type)) {
		cg_string_as(cg, n->right, place_of(target->sym)->rep, &v);
		variable_key(cg, target, &k);
		assign_value(cg, target->sym, &k, n->right, &v);
		*out = v;
		return;
	}
	if (n->op == OP_NONE) {
		reg = cg_int(cg, n->right);
		cg_value_int(&v, reg);
		variable_key(cg, target, &k);
		assign_value(cg, target->sym, &k, n->right, &v);
	} else {
		struct type *common = n->operand_type ? n->operand_type : target->type;
		int64_t divisor = cg_divisor(n, common);
		int b;

		b = divisor ? -1 : cg_convert(cg, cg_int(cg, n->right), n->right->type, common);
		cg->unused = unused;
		if (n->op == OP_ADD && add_atomically(cg, target, b)) {
			cg->unused = false;
			cg_value_int(out, b);
			return;
		}
		cg->unused = false;
		variable_key(cg, target, &k);
		variable_read(cg, target->sym, &k, &old);
		reg = cg_arith(cg, n->op, cg_convert(cg, cg_as_int(cg, &old), target->type, common),
			       b, common, divisor);
		cg_value_int(&v, reg);
		assign_value(cg, target->sym, &k, NULL, &v);
	}
	pointer_or_int(target->sym, reg, out);
}

void cg_increment(struct codegen *cg, struct node *n, struct value *out)
{
	struct node *target = n->left;
	bool up = n->op == OP_PREINC || n->op == OP_POSTINC,
	     post = n->op == OP_POSTINC || n->op == OP_POSTDEC;
	struct type *t = type_resolve(target->type);
	int64_t step = t->kind == TYPE_POINTER ? (int64_t)type_resolve(t->base)->size : 1;
	struct value old, v;
	struct key_value k;
	int reg;

	if (!target->sym || target->sym->kind != SYM_VARIABLE) {
		cg_error(cg, n->loc, "D_OP_LVAL", "only variables can be changed by ++ and --");
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	if (add_atomically(cg, target, cg_const(cg, up ? 1 : -1))) {
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	variable_key(cg, target, &k);
	variable_read(cg, target->sym, &k, &old);
	reg = ir_reg(cg->ir);
	ir_alui(cg->ir, IR_ADD, reg, cg_as_int(cg, &old), up ? step : -step);
	if (t->size < 8 && t->kind != TYPE_POINTER) {
		int wide = ir_reg(cg->ir);

		ir_extend(cg->ir, wide, reg, t->size, t->is_signed);
		reg = wide;
	}
	cg_value_int(&v, reg);
	assign_value(cg, target->sym, &k, NULL, &v);
	*out = post ? old : v;
}
