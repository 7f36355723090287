/* SPDX-License-Identifier: BSD-2-Clause */
/* Maps: making them, using them, and what is counted when they are full. */
#include <stddef.h>
#include <string.h>

#include "emit/emit_impl.h"

int emit_map(struct emit *e, struct map_def def)
{
	vec_push(&e->state->map.all, def);
	return e->state->map.all.n - 1;
}

int emit_map_once(struct emit *e, struct map_def def)
{
	struct strmap *names = e->state->map.by_name;
	intptr_t i = (intptr_t)strmap_get(names, def.name);

	if (!i) {
		i = emit_map(e, def) + 1;
		strmap_put(names, def.name, (void *)i);
	}
	return i - 1;
}

int emit_map_only(struct emit *e, const char *name, enum bpf_map_type type, uint32_t size)
{
	struct place key = {SPACE_STACK};
	int at, map = emit_map_once(e, (struct map_def){.name = name,
							.role = MAP_PLAIN,
							.type = type,
							.key_size = 4,
							.value_size = size,
							.max_entries = 1});

	if (type == BPF_MAP_TYPE_ARRAY) {
		at = ir_reg(e->ir);
		ir_map_value(e->ir, at, map, 0);
		return at;
	}
	key.base = ir_stack(e->ir, 4);
	ir_stack_storei(e->ir, key.base, 0, 0, 4);
	return emit_map_lookup(e, map, key);
}

/* An array of one value, whose size is settled at the end. */
static int one_value(struct emit *e, const char *name, enum map_role role)
{
	return emit_map(e, (struct map_def){.name = name,
					    .role = role,
					    .type = BPF_MAP_TYPE_ARRAY,
					    .key_size = 4,
					    .max_entries = 1});
}

void map_init(struct emit *e, bool one_ring)
{
	struct map_state *m = &e->state->map;
	struct map_def rings = {.name = "rings", .role = MAP_RINGS, .type = BPF_MAP_TYPE_RINGBUF};

	m->by_name = strmap_new(e->arena);
	e->program->one_ring = one_ring;
	if (!one_ring) {
		rings.type = BPF_MAP_TYPE_ARRAY_OF_MAPS;
		rings.key_size = rings.value_size = 4;
	}
	e->program->control_map = one_value(e, "control", MAP_CONTROL);
	m->all.at[e->program->control_map].value_size = sizeof(struct control);
	m->all.at[e->program->control_map].flags = BPF_F_MMAPABLE;
	e->program->rings_map = emit_map(e, rings);
	e->program->drops_map = one_value(e, "drops", MAP_DROPS);
	m->all.at[e->program->drops_map].type = BPF_MAP_TYPE_PERCPU_ARRAY;
	m->all.at[e->program->drops_map].value_size = sizeof(struct drops);
	m->globals = one_value(e, "globals", MAP_PLAIN);
	m->zeros = one_value(e, "zeros", MAP_PLAIN);
	m->strings = one_value(e, "strings", MAP_DATA);
	m->scratch = one_value(e, "scratch", MAP_SCRATCH);
}

static int call_with_key(struct emit *e, enum bpf_func_id helper, int map, struct place key)
{
	int m = ir_reg(e->ir), ret = ir_reg(e->ir);

	ir_map(e->ir, m, map);
	IR_CALL(e->ir, ret, helper, m, emit_address(e, key));
	return ret;
}

int emit_map_lookup(struct emit *e, int map, struct place key)
{
	return call_with_key(e, BPF_FUNC_map_lookup_elem, map, key);
}

int emit_map_delete(struct emit *e, int map, struct place key)
{
	return call_with_key(e, BPF_FUNC_map_delete_elem, map, key);
}

static int set(struct emit *e, int map, struct place key, struct place value, int flags)
{
	int m = ir_reg(e->ir), ret = ir_reg(e->ir);

	ir_map(e->ir, m, map);
	IR_CALL(e->ir, ret, BPF_FUNC_map_update_elem, m, emit_address(e, key),
		emit_address(e, value), emit_const(e, flags));
	return ret;
}

int emit_map_add(struct emit *e, int map, struct place key, struct place value)
{
	return set(e, map, key, value, BPF_NOEXIST);
}

void emit_map_update(struct emit *e, int map, struct place key, struct place value, unsigned drop)
{
	int ret = set(e, map, key, value, BPF_ANY), ok = ir_label(e->ir);

	ir_branchi(e->ir, IR_EQ, ret, 0, ok);
	emit_count_drop(e, drop);
	ir_place(e->ir, ok);
}

/* --- losses --- */

/* A register with the address of this CPU's struct drops, or 0. */
static int find_drops(struct emit *e)
{
	int key = ir_stack(e->ir, 8);

	ir_stack_storei(e->ir, key, 0, 0, 4);
	return emit_map_lookup(e, e->program->drops_map, (struct place){SPACE_STACK, key, 0});
}

/*
 * In a large program a register counts, and one place at the end adds it: where
 * something can be lost stands one instruction, not a dozen.
 */
void emit_count_drop(struct emit *e, unsigned offset)
{
	int *reg = &e->state->map.drops[offset / sizeof(uint64_t)], drops, done;

	if (emit_resuming(e)) {
		if (*reg < 0)
			*reg = ir_reg(e->ir); /* 0 at first: ir/ sees to it */
		ir_alui(e->ir, IR_ADD, *reg, *reg, 1);
		return;
	}
	done = ir_label(e->ir);
	drops = find_drops(e);
	ir_branchi(e->ir, IR_EQ, drops, 0, done);
	ir_atomic(e->ir, IR_ATOMIC_ADD, -1, drops, offset, emit_const(e, 1), -1, 8);
	ir_place(e->ir, done);
}

void emit_add_drops(struct emit *e)
{
	int drops = -1, done = ir_label(e->ir);

	for (int i = 0; i < (int)DROP_KINDS; i++) {
		int reg = e->state->map.drops[i];

		if (reg < 0)
			continue;
		if (drops < 0) {
			drops = find_drops(e);
			ir_branchi(e->ir, IR_EQ, drops, 0, done);
		}
		ir_atomic(e->ir, IR_ATOMIC_ADD, -1, drops, i * sizeof(uint64_t), reg, -1, 8);
	}
	ir_place(e->ir, done);
}

void map_begin(struct emit *e)
{
	for (int i = 0; i < (int)DROP_KINDS; i++)
		e->state->map.drops[i] = -1;
}

uint32_t emit_globals_room(struct emit *e, uint32_t size)
{
	uint32_t off = e->state->map.globals_size;

	e->state->map.globals_size += (size + 7) & ~7u;
	return off;
}

void emit_map_entries(struct emit *e, int map, uint32_t n)
{
	e->state->map.all.at[map].max_entries = n;
}

int emit_globals(struct emit *e, uint32_t off)
{
	int addr = ir_reg(e->ir);

	ir_map_value(e->ir, addr, e->state->map.globals, off);
	return addr;
}

int emit_zeros(struct emit *e, uint32_t size)
{
	int addr = ir_reg(e->ir);

	if (size > e->state->map.zeros_size)
		e->state->map.zeros_size = size;
	ir_map_value(e->ir, addr, e->state->map.zeros, 0);
	return addr;
}

/* What the kernel keeps for an element beside its key and value, and its share of the table. */
#define ELEMENT_OVERHEAD 48

static uint32_t entries_for(uint64_t budget, uint32_t entry)
{
	uint64_t n = budget / (entry + ELEMENT_OVERHEAD);

	return n < 64 ? 64 : n > 1u << 22 ? 1u << 22 : n;
}

void map_finish(struct emit *e)
{
	struct map_state *m = &e->state->map;
	const struct options *o = e->options;
	uint32_t scratch = e->state->scratch.size + e->state->scratch.behind;

	m->all.at[m->globals].value_size = m->globals_size ? m->globals_size : 8;
	m->all.at[m->zeros].value_size = m->zeros_size ? m->zeros_size : 8;
	m->all.at[m->scratch].value_size = scratch ? scratch : 8;
	string_fill(e, &m->all.at[m->strings]);
	for (size_t i = 0; i < m->all.n; i++) {
		struct map_def *d = &m->all.at[i];

		if (d->max_entries)
			continue;
		if (d->role == MAP_AGG)
			d->max_entries = entries_for(o->aggsize, d->key_size + d->value_size);
		else if (d->role == MAP_PLAIN)
			d->max_entries = entries_for(o->dynvarsize, d->key_size + d->value_size);
	}
}
