/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * @name[keys] = func(value): one per-CPU map for each aggregation.
 *
 * A key begins with the generation, which the consumer flips to take what was
 * aggregated so far (live/drain.c); an aggregation without keys is an array of
 * two, indexed by it.
 */
#include "codegen/cg.h"

#include <string.h>

int cg_agg_def(struct codegen *cg, struct aggregation *a)
{
	struct agg_reps *reps = cg_agg_reps(cg, a);
	struct agg_def *def;

	if (reps->def >= 0)
		return reps->def;
	reps->def = cg->aggs.n;
	vec_push(&cg->aggs, (struct agg_def){.name = a->name,
					     .func = a->func,
					     .nparams = a->nparams,
					     .nkeys = a->nkeys});
	def = &cg->aggs.at[reps->def];
	def->is_signed = a->is_signed;
	memcpy(def->params, a->params, sizeof(def->params));
	def->map = -1;
	if (!a->func)
		return reps->def;
	if (a->nkeys > KEYS_MAX) {
		cg_error(cg, a->loc, "D_KEY_MANY", "@%s has %d keys; at most %d are supported",
			 a->name, a->nkeys, KEYS_MAX);
		return reps->def;
	}
	def->nwords = a->func->nwords(a->params, a->nparams);
	def->keys = arena_alloc(cg->arena, (a->nkeys + 1) * sizeof(*def->keys));
	for (int i = 0; i < a->nkeys; i++) {
		struct item *it = &def->keys[i];
		struct type *t = type_resolve(a->keys[i]);

		it->type = a->keys[i];
		if (type_is_string(a->keys[i])) {
			struct strrep rep =
				reps->known[i] ? reps->rep[i] : (struct strrep){REP_LITERAL, 8};

			it->kind = cg_rep_item(rep);
			it->size = cg_rep_size(rep);
		} else {
			it->kind = ITEM_INT;
			it->size = t->kind == TYPE_POINTER || !t->size || t->size > 8 ? 8 : t->size;
			it->is_signed = t->is_signed;
		}
	}
	def->key_size = a->nkeys ? cg_key_layout(def->keys, a->nkeys, 8) : 4;
	if (def->nwords * 8 > cg->zeros_size)
		cg->zeros_size = def->nwords * 8;
	def->map = cg_map(
		cg, (struct map_def){
			    .name = *a->name ? a->name : "agg",
			    .role = MAP_AGG,
			    .type = a->nkeys ? BPF_MAP_TYPE_PERCPU_HASH : BPF_MAP_TYPE_PERCPU_ARRAY,
			    .key_size = def->key_size,
			    .value_size = def->nwords * 8,
			    .max_entries = a->nkeys ? 0 : 2,
			    .flags = a->nkeys ? BPF_F_NO_PREALLOC : 0,
		    });
	return reps->def;
}

static void key_values(struct codegen *cg, struct aggregation *a, struct node *args,
		       struct key_value *k)
{
	struct agg_reps *reps = cg_agg_reps(cg, a);

	k->n = 0;
	for (struct node *n = args; n && k->n < KEYS_MAX; n = n->next) {
		struct value *v = &k->value[k->n];

		if (type_is_string(a->keys[k->n]))
			cg_string_as(cg, n, reps->rep[k->n], v);
		else
			cg_value_int(v, cg_convert(cg, cg_int(cg, n), n->type, a->keys[k->n]));
		k->n++;
	}
}

/* A register with the address of this CPU's words; jumps to lost (counted) where there is no room.
 */
static int element(struct codegen *cg, const struct agg_def *def, const struct key_value *k,
		   int lost)
{
	struct place key = cg_key_place(cg, def->key_size < 8 ? 8 : def->key_size);
	int generation = cg_control(cg, offsetof(struct control, generation), 8);
	int map = ir_reg(cg->ir), elem = ir_reg(cg->ir), found = ir_label(cg->ir);

	/* elem = lookup(map, &key) */
	ir_map(cg->ir, map, def->map);
	if (!def->nkeys) {
		cg_store(cg, key, generation, 4);
		IR_CALL(cg->ir, elem, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
		ir_branchi(cg->ir, IR_EQ, elem, 0, lost);
		return elem;
	}
	cg_store(cg, key, generation, 8);
	cg_key_store(cg, def->keys, k, def->key_size, key, 8);
	IR_CALL(cg->ir, elem, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
	ir_branchi(cg->ir, IR_NE, elem, 0, found);

	/* update(map, &key, zeros, BPF_NOEXIST); elem = lookup(map, &key) */
	int zeros = ir_reg(cg->ir), again = ir_reg(cg->ir);

	ir_map_value(cg->ir, zeros, cg->zeros_map, 0);
	IR_CALL(cg->ir, -1, BPF_FUNC_map_update_elem, map, cg_address(cg, key), zeros,
		cg_const(cg, BPF_NOEXIST));
	IR_CALL(cg->ir, again, BPF_FUNC_map_lookup_elem, map, cg_address(cg, key));
	ir_mov(cg->ir, elem, again);
	ir_branchi(cg->ir, IR_NE, elem, 0, found);
	cg_count_drop(cg, offsetof(struct drops, aggregations));
	ir_jump(cg->ir, lost);
	ir_place(cg->ir, found);
	return elem;
}

void cg_aggregate(struct codegen *cg, struct node *n)
{
	struct aggregation *a = n->left->agg;
	int d = cg_agg_def(cg, a);
	struct agg_def *def = &cg->aggs.at[d];
	int value = -1, increment = -1, i = 0, lost = ir_label(cg->ir), elem;
	struct key_value k;
	size_t mark;

	if (def->map < 0)
		return;
	ir_comment(cg->ir, "@%s = %s()", a->name, a->func->name);
	key_values(cg, a, n->left->args, &k);
	for (struct node *arg = n->right->args; arg; arg = arg->next, i++) {
		if (i < a->func->nvalues)
			value = cg_int(cg, arg);
		else if (a->func->has_increment && i == a->func->max_args - 1)
			increment = cg_int(cg, arg);
	}
	(void)cg_control(cg, offsetof(struct control, generation), 8);
	mark = cg_scope(cg);
	elem = element(cg, def, &k, lost);
	a->func->code(cg->ir, elem, value, increment, a->params, a->nparams, a->is_signed);
	ir_place(cg->ir, lost);
	cg_scope_end(cg, mark);
}
