/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory for a firing.  Small objects lie on the BPF stack; larger ones, strings
 * of bytes above all, in an entry of scratch memory that the program takes when
 * it starts and gives back when it ends.
 *
 * A program can be interrupted by another of ours on its CPU, and where it may
 * sleep or be preempted several may be under way there in any order: so an entry
 * is taken by an atomic exchange of its first word with the address of the
 * program's context, and each CPU has several.
 */
#include <stddef.h>

#include "emit/emit_impl.h"

#define STACK_OBJECT_MAX 64

struct place emit_scratch_room(struct emit *e, uint32_t size)
{
	struct scratch_state *s = &e->state->scratch;
	struct place at = {SPACE_MAP, s->reg, (int)s->used};

	scratch_use(e, s->used + size);
	return at;
}

/* What lies below is in use; more than before, or less. */
void scratch_use(struct emit *e, uint32_t end)
{
	struct scratch_state *s = &e->state->scratch;

	s->used = end;
	if (end > s->need)
		s->need = end;
	if (s->need > s->size)
		s->size = s->need;
}

void emit_room_behind(struct emit *e, uint32_t size)
{
	if (size > e->state->scratch.behind)
		e->state->scratch.behind = size;
}

bool scratch_has(const struct emit *e, struct place at)
{
	return at.space == SPACE_MAP && at.base == e->state->scratch.reg;
}

struct place emit_room(struct emit *e, uint32_t size)
{
	size = (size + 7) & ~7u;
	if (size <= STACK_OBJECT_MAX)
		return (struct place){SPACE_STACK, ir_stack(e->ir, size), 0};
	return emit_scratch_room(e, size);
}

void scratch_begin(struct emit *e)
{
	struct scratch_state *s = &e->state->scratch;

	*s = (struct scratch_state){
		.reg = -1, .used = SCRATCH_HEAD, .size = s->size, .behind = s->behind};
}

void scratch_restart(struct emit *e)
{
	e->state->scratch.used = SCRATCH_HEAD;
}

uint32_t emit_scratch_mark(const struct emit *e)
{
	return e->state->scratch.used;
}

uint32_t emit_scratch_reserve(struct emit *e, uint32_t size)
{
	return (uint32_t)emit_scratch_room(e, (size + 7) & ~7u).off;
}

void emit_scratch_release(struct emit *e, uint32_t mark)
{
	e->state->scratch.used = mark;
}

void emit_scratch_here(struct emit *e, int busy)
{
	struct scratch_state *s = &e->state->scratch;

	s->reg = ir_reg(e->ir);
	s->busy = busy;
	s->take_at = ir_here(e->ir);
}

/* A register with the address of an entry of this CPU's, or 0. */
static int entry_at(struct emit *e, int key, int first, int level)
{
	int index = ir_reg(e->ir);

	ir_alui(e->ir, IR_ADD, index, first, level);
	ir_stack_store(e->ir, key, 0, index, 4);
	return emit_map_lookup(e, e->state->map.scratch, (struct place){SPACE_STACK, key, 0});
}

/* The number of this CPU's first entry. */
static int first_entry(struct emit *e)
{
	int cpu = ir_reg(e->ir), first = ir_reg(e->ir);

	IR_CALL0(e->ir, cpu, BPF_FUNC_get_smp_processor_id);
	ir_alui(e->ir, IR_MUL, first, cpu, SCRATCH_LEVELS);
	return first;
}

/* for each entry of this CPU: if (!xchg(&entry->taken, ctx)) goto got; */
static void take(struct emit *e)
{
	struct scratch_state *s = &e->state->scratch;
	int key = ir_stack(e->ir, 8), first = first_entry(e), got = ir_label(e->ir);

	for (int level = 0; level < SCRATCH_LEVELS; level++) {
		int entry = entry_at(e, key, first, level), taken = ir_reg(e->ir),
		    next = ir_label(e->ir);

		ir_branchi(e->ir, IR_EQ, entry, 0, next);
		ir_atomic(e->ir, IR_ATOMIC_XCHG, taken, entry, 0, e->state->ctx, -1, 8);
		ir_mov(e->ir, s->reg, entry);
		ir_branchi(e->ir, IR_EQ, taken, 0, got);
		ir_place(e->ir, next);
	}
	emit_count_drop(e, offsetof(struct drops, records));
	ir_jump(e->ir, s->busy);
	ir_place(e->ir, got);
}

/* The entry that the hook's program has taken: for each: if (entry->taken == ctx) goto got; */
void scratch_find(struct emit *e, int lost)
{
	struct scratch_state *s = &e->state->scratch;
	int key = ir_stack(e->ir, 8), first = first_entry(e), got = ir_label(e->ir);

	s->reg = ir_reg(e->ir);
	for (int level = 0; level < SCRATCH_LEVELS; level++) {
		int entry = entry_at(e, key, first, level), taken = ir_reg(e->ir),
		    next = ir_label(e->ir);

		ir_branchi(e->ir, IR_EQ, entry, 0, next);
		ir_load(e->ir, taken, entry, 0, 8);
		ir_mov(e->ir, s->reg, entry);
		ir_branch(e->ir, IR_EQ, taken, e->state->ctx, got);
		ir_place(e->ir, next);
	}
	emit_count_drop(e, offsetof(struct drops, records));
	ir_jump(e->ir, lost);
	ir_place(e->ir, got);
}

/* Where it stood first is known only now: whether any is needed. */
void emit_scratch_give(struct emit *e)
{
	struct scratch_state *s = &e->state->scratch;
	size_t end;

	if (!s->need)
		return;
	ir_storei(e->ir, s->reg, 0, 0, 8);
	end = ir_here(e->ir);
	take(e);
	ir_rotate(e->ir, s->take_at, end);
}
