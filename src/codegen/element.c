/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Elements of associative arrays and thread-local variables: finding, reading,
 * storing and removing them in their maps.
 */
#include <stddef.h>

#include "codegen/gen.h"

bool element_is(const struct symbol *sym)
{
	return sym->nkeys || sym->scope == SCOPE_SELF;
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

struct key_layout element_key_layout(const struct symbol *sym)
{
	const struct var_place *vp = gen_place(sym);

	return (struct key_layout){sym->keys,  vp->key_rep,    vp->keys,
				   sym->nkeys, vp->id ? 8 : 0, vp->key_size};
}

static struct place element_key(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	struct key_layout k = element_key_layout(sym);
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

/* Where it lies, to be read: zeros where there is none. */
struct place element_at(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	int elem = element_find(e, sym, t, identify(e, sym, t)), reg = ir_reg(e->ir);
	int done = ir_label(e->ir);

	ir_mov(e->ir, reg, emit_zeros(e, gen_place(sym)->size));
	ir_branchi(e->ir, IR_EQ, elem, 0, done);
	ir_mov(e->ir, reg, elem);
	ir_place(e->ir, done);
	return (struct place){SPACE_MAP, reg, 0};
}

void element_read(struct emit *e, const struct symbol *sym, const struct tuple *t,
		  struct value *out)
{
	struct identity id = identify(e, sym, t);
	const void *value_tag = gen_place(sym);
	int reg = -1, elem, done;

	if (gen_place(sym)->as_in_c) {
		data_read(e, sym, element_at(e, sym, t), out);
		return;
	}
	if (data_is_text(sym)) {
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
	data_number(sym, reg, out);
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

	if (vp->as_in_c)
		emit_zero(e, place_at(value, (int)vp->size - 8), 8); /* what is behind its end */
	data_write(e, sym, value, v);
	emit_map_update(e, vp->map, element_key(e, sym, t), value, offsetof(struct drops, dynamic));
}

/* Where it is, to store into; -1: it is not looked for. */
static int element_to_store(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	return emit_is_compact(e) ? -1 : element_find(e, sym, t, identify(e, sym, t));
}

/* if (!(elem = find)) { update(key, zeros); elem = find; } Where there is no room, lost memory. */
struct place element_to_write(struct emit *e, const struct symbol *sym, const struct tuple *t)
{
	const struct var_place *vp = gen_place(sym);
	int elem = ir_reg(e->ir), found = ir_label(e->ir);
	struct place key = element_key(e, sym, t), none, zeros;

	ir_mov(e->ir, elem, emit_map_lookup(e, vp->map, key));
	ir_branchi(e->ir, IR_NE, elem, 0, found);
	zeros = (struct place){SPACE_MAP, emit_zeros(e, vp->size), 0};
	emit_map_update(e, vp->map, key, zeros, offsetof(struct drops, dynamic));
	ir_mov(e->ir, elem, emit_map_lookup(e, vp->map, key));
	ir_branchi(e->ir, IR_NE, elem, 0, found);
	none = emit_firing_memory(e, emit_scratch_reserve(e, vp->size));
	ir_mov(e->ir, elem, emit_address(e, none));
	ir_place(e->ir, found);
	forget(e, sym);
	return (struct place){SPACE_MAP, elem, 0};
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
	data_write(e, sym, (struct place){SPACE_MAP, elem, 0}, v);
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

void element_assign(struct emit *e, struct symbol *sym, const struct tuple *t, struct node *right,
		    const struct value *v)
{
	int64_t c = 0;
	bool known = right && gen_constant(right, &c);
	int keep, done, elem;
	size_t mark;

	if (known && c == 0) {
		element_delete(e, sym, t);
		return;
	}
	if (known || v->kind == VALUE_STRING || v->kind == VALUE_STRUCT) {
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
