/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * @name[keys] = func(value): one per-CPU map for each aggregation.
 *
 * A key begins with the generation, which the consumer flips to take what was
 * aggregated so far (live/drain.c); an aggregation without keys is an array of
 * two, indexed by it.
 */
#include <stddef.h>
#include <string.h>

#include "agg/agg.h"
#include "codegen/gen.h"

/* The keys have the names of the expressions that first gave them. */
static void name_keys(struct emit *e, struct agg_def *def, const struct node *key)
{
	for (int i = 0; i < def->nkeys && key; i++, key = key->next)
		if (!def->keys[i].name)
			def->keys[i].name = emit_item_name(e, key);
}

static void lay_out_key(struct emit *e, const struct aggregation *a, const struct agg_place *p,
			struct agg_def *def)
{
	def->keys = arena_alloc(e->arena, (a->nkeys + 1) * sizeof(*def->keys));
	for (int i = 0; i < a->nkeys; i++) {
		struct strrep rep = gen_known_rep(&p->key_rep[i]);

		def->keys[i] = item_of(a->keys[i], &rep);
	}
	def->key_size = a->nkeys ? item_layout(def->keys, a->nkeys, 8) : 4;
}

/*
 * Whether a word behind those of the function says that it was aggregated at all: what counts by
 * increments may come back to 0, as which nobody has used it.
 */
static bool is_marked(const struct aggregation *a)
{
	return a->counts_back && a->func->nwords(a->params, a->nparams) < AGG_MAX_WORDS;
}

int gen_agg_def(struct emit *e, struct aggregation *a)
{
	struct agg_place *p = gen_agg_place(e, a);
	struct agg_def def = {
		.name = a->name,
		.func = a->func,
		.nparams = a->nparams,
		.nkeys = a->nkeys,
		.is_signed = a->is_signed,
	};

	if (p->def >= 0)
		return p->def;
	memcpy(def.params, a->params, sizeof(def.params));
	def.nwords = a->func->nwords(a->params, a->nparams) + is_marked(a);
	lay_out_key(e, a, p, &def);
	def.map = emit_map(
		e, (struct map_def){
			   .name = *a->name ? a->name : "agg",
			   .role = MAP_AGG,
			   .type = a->nkeys ? BPF_MAP_TYPE_PERCPU_HASH : BPF_MAP_TYPE_PERCPU_ARRAY,
			   .key_size = def.key_size,
			   .value_size = def.nwords * 8,
			   .max_entries = a->nkeys ? 0 : 2,
			   .flags = a->nkeys ? BPF_F_NO_PREALLOC : 0,
		   });
	return p->def = emit_agg_add(e, def);
}

/* A register with the address of this CPU's words; jumps to lost (counted) where there is no room.
 */
static int element(struct emit *e, const struct agg_def *def, const struct key_layout *k,
		   const struct tuple *t, int lost)
{
	struct place key = gen_tuple_key(e, k, t);
	int generation = emit_control(e, offsetof(struct control, generation), 8);
	int map, elem, found = ir_label(e->ir);

	/* elem = lookup(map, &key) */
	if (!def->nkeys) {
		emit_store(e, key, generation, 4);
		elem = emit_map_lookup(e, def->map, key);
		ir_branchi(e->ir, IR_EQ, elem, 0, lost);
		return elem;
	}
	emit_store(e, key, generation, 8);
	elem = emit_map_lookup(e, def->map, key);
	ir_branchi(e->ir, IR_NE, elem, 0, found);

	/* update(map, &key, zeros, BPF_NOEXIST); elem = lookup(map, &key) */
	map = ir_reg(e->ir);
	ir_map(e->ir, map, def->map);
	IR_CALL(e->ir, -1, BPF_FUNC_map_update_elem, map, emit_address(e, key),
		emit_zeros(e, def->nwords * 8), emit_const(e, BPF_NOEXIST));
	ir_mov(e->ir, elem, emit_map_lookup(e, def->map, key));
	ir_branchi(e->ir, IR_NE, elem, 0, found);
	emit_count_drop(e, offsetof(struct drops, aggregations));
	ir_jump(e->ir, lost);
	ir_place(e->ir, found);
	return elem;
}

void gen_aggregate(struct emit *e, struct node *n)
{
	struct aggregation *a = n->left->agg;
	int value = -1, increment = -1, i = 0, lost = ir_label(e->ir), elem;
	struct agg_def def = *emit_agg(e, gen_agg_def(e, a));
	struct key_layout k;
	struct tuple t;
	size_t mark;

	name_keys(e, &def, n->left->args);
	ir_comment(e->ir, "@%s = %s()", a->name, a->func->name);
	k = (struct key_layout){a->keys,     gen_agg_place(e, a)->key_rep, def.keys, a->nkeys, 8,
				def.key_size};
	gen_tuple(e, n->left->args, &k, &t);
	for (struct node *arg = n->right->args; arg; arg = arg->next, i++) {
		if (i < a->func->nvalues)
			value = emit_int(e, arg);
		else if (a->func->has_increment && i == a->func->max_args - 1)
			increment = emit_int(e, arg);
	}
	(void)emit_control(e, offsetof(struct control, generation), 8);
	mark = emit_scope(e);
	elem = element(e, &def, &k, &t, lost);
	a->func->code(e->ir, elem, value, increment, a->params, a->nparams, a->is_signed);
	if (is_marked(a))
		ir_storei(e->ir, elem, (int)(def.nwords - 1) * 8, 1, 8);
	ir_place(e->ir, lost);
	emit_scope_end(e, mark);
}
