/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The map of speculations, and what programs do with it.
 *
 *	struct {
 *		u64 taken, given;	how often; places in the queue
 *		u64 serial;		of the speculation begun last
 *		u64 queue[nspec];	those that are free, by place modulo nspec
 *		u64 tag[nspec];		of each that is active, else 0
 *	}
 *
 * A speculation's id is its index, from 1; its tag is its serial number and the
 * index, and never comes again.  An entry of the queue is the round in which it
 * was written and the index, combined with its place by exclusive or: so all
 * zeros are a queue that holds each index once.  There are as many places as
 * indices, so who gives one back never meets one that is still to be taken.
 */
#include <stddef.h>

#include "emit/emit_impl.h"
#include "emit/speculate.h"

enum { TAKEN = 0, GIVEN = 8, SERIAL = 16, QUEUE = 24 };

#define INDEX_BITS 16
#define TRIES 16 /* others on other CPUs take one between our look and ours */

static uint32_t nspec(const struct emit *e)
{
	return (uint32_t)e->options->nspec;
}

static int shared_map(struct emit *e)
{
	return emit_map_once(e, (struct map_def){.name = "speculations",
						 .role = MAP_PLAIN,
						 .type = BPF_MAP_TYPE_ARRAY,
						 .key_size = 4,
						 .value_size = QUEUE + 16 * nspec(e),
						 .max_entries = 1});
}

/* Of each speculation, what it holds of this CPU: { u64 tag, bytes; } */
static int bytes_map(struct emit *e)
{
	return emit_map_once(e, (struct map_def){.name = "speculated",
						 .role = MAP_PLAIN,
						 .type = BPF_MAP_TYPE_PERCPU_ARRAY,
						 .key_size = 4,
						 .value_size = 16,
						 .max_entries = nspec(e)});
}

/* A register with the address of base[index], which is less than nspec. */
static int entry(struct emit *e, uint32_t base, int index)
{
	int addr = ir_reg(e->ir), at = ir_reg(e->ir), off = ir_reg(e->ir);

	ir_map_value(e->ir, addr, shared_map(e), 0);
	ir_alui(e->ir, IR_MUL, off, index, 8);
	ir_alu(e->ir, IR_ADD, at, addr, off);
	ir_alui(e->ir, IR_ADD, at, at, base);
	return at;
}

static int shared(struct emit *e)
{
	int addr = ir_reg(e->ir);

	ir_map_value(e->ir, addr, shared_map(e), 0);
	return addr;
}

static int alui(struct emit *e, enum ir_op op, int a, int64_t b)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, op, reg, a, b);
	return reg;
}

static int alu(struct emit *e, enum ir_op op, int a, int b)
{
	int reg = ir_reg(e->ir);

	ir_alu(e->ir, op, reg, a, b);
	return reg;
}

/*
 * for (TRIES) {
 *	place = taken; word = queue[place % nspec];
 *	if (word's round is another) goto none;
 *	if (cmpxchg(&taken, place, place + 1) == place) break;
 * }
 * A register: the index.
 */
static int take(struct emit *e, int none)
{
	int again = ir_label(e->ir), got = ir_label(e->ir), tries = ir_reg(e->ir),
	    place = ir_reg(e->ir), word = ir_reg(e->ir), at, was = ir_reg(e->ir);

	ir_const(e->ir, tries, 0);
	ir_place(e->ir, again);
	ir_branchi(e->ir, IR_UGE, tries, TRIES, none);
	ir_alui(e->ir, IR_ADD, tries, tries, 1);
	ir_load(e->ir, place, shared(e), TAKEN, 8);
	at = alui(e, IR_UMOD, place, nspec(e));
	ir_branchi(e->ir, IR_UGE, at, nspec(e), none); /* (the verifier cannot know) */
	ir_load(e->ir, word, entry(e, QUEUE, at), 0, 8);
	ir_branch(e->ir, IR_NE, alui(e, IR_SHR, word, 32),
		  alui(e, IR_AND, alui(e, IR_UDIV, place, nspec(e)), UINT32_MAX), none);
	ir_atomic(e->ir, IR_ATOMIC_CMPXCHG, was, shared(e), TAKEN, alui(e, IR_ADD, place, 1), place,
		  8);
	ir_branch(e->ir, IR_EQ, was, place, got);
	ir_jump(e->ir, again);
	ir_place(e->ir, got);
	return alu(e, IR_XOR, alui(e, IR_AND, word, UINT32_MAX), at);
}

/* place = given++; queue[place % nspec] = { place / nspec + 1, index ^ place % nspec }; */
static void give(struct emit *e, int index)
{
	int place = ir_reg(e->ir), out = ir_label(e->ir), at, round, word;

	ir_atomic(e->ir, IR_ATOMIC_FETCH_ADD, place, shared(e), GIVEN, emit_const(e, 1), -1, 8);
	at = alui(e, IR_UMOD, place, nspec(e));
	ir_branchi(e->ir, IR_UGE, at, nspec(e), out);
	round = alui(e, IR_ADD, alui(e, IR_UDIV, place, nspec(e)), 1);
	word = alu(e, IR_OR, alui(e, IR_SHL, round, 32), alu(e, IR_XOR, index, at));
	ir_store(e->ir, entry(e, QUEUE, at), 0, word, 8);
	ir_place(e->ir, out);
}

/* serial++; tag[index] = serial << INDEX_BITS | index; */
static void begin(struct emit *e, int index)
{
	int serial = ir_reg(e->ir), tag;

	ir_atomic(e->ir, IR_ATOMIC_FETCH_ADD, serial, shared(e), SERIAL, emit_const(e, 1), -1, 8);
	tag = alui(e, IR_SHL, alui(e, IR_ADD, serial, 1), INDEX_BITS);
	ir_store(e->ir, entry(e, QUEUE + 8 * nspec(e), index), 0, alu(e, IR_OR, tag, index), 8);
}

int emit_speculation(struct emit *e)
{
	int id = ir_reg(e->ir), none = ir_label(e->ir), done = ir_label(e->ir), out, index;
	size_t mark = emit_scope(e);

	if (nspec(e)) {
		index = take(e, none);
		ir_branchi(e->ir, IR_UGE, index, nspec(e), none);
		begin(e, index);
		ir_alui(e->ir, IR_ADD, id, index, 1);
		ir_jump(e->ir, done);
	}
	ir_place(e->ir, none);
	emit_count_drop(e, offsetof(struct drops, no_speculations));
	ir_const(e->ir, id, 0);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	out = ir_reg(e->ir);
	ir_mov(e->ir, out, id);
	return out;
}

/* Of the one with this id, if there is one: looks at its tag, or takes it away. */
static int tag_of(struct emit *e, int id, bool ends)
{
	int tag = ir_reg(e->ir), none = ir_label(e->ir), out, index, at;
	size_t mark = emit_scope(e);

	ir_const(e->ir, tag, 0);
	if (nspec(e)) {
		index = alui(e, IR_SUB, id, 1);
		ir_branchi(e->ir, IR_UGE, index, nspec(e), none);
		at = entry(e, QUEUE + 8 * nspec(e), index);
		if (ends) {
			ir_atomic(e->ir, IR_ATOMIC_XCHG, tag, at, 0, emit_const(e, 0), -1, 8);
			ir_branchi(e->ir, IR_EQ, tag, 0, none);
			give(e, index);
		} else {
			ir_load(e->ir, tag, at, 0, 8);
		}
	}
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
	out = ir_reg(e->ir);
	ir_mov(e->ir, out, tag);
	return out;
}

int emit_speculation_tag(struct emit *e, int id)
{
	return tag_of(e, id, false);
}

int emit_speculation_end(struct emit *e, int id)
{
	return tag_of(e, id, true);
}

void emit_speculate(struct emit *e, int tag)
{
	e->state->record.tag = tag;
}

int emit_speculating(const struct emit *e)
{
	return e->state->record.tag;
}

/*
 * of = &speculated[index of tag];
 * if (of->tag != tag) { of->tag = tag; of->bytes = 0; }
 * if ((of->bytes += size) > specsize) { of->bytes -= size; count; goto full; }
 */
void speculate_account(struct emit *e, int tag, int size, int full)
{
	int key = ir_stack(e->ir, 8), same = ir_label(e->ir), fits = ir_label(e->ir),
	    was = ir_reg(e->ir), bytes = ir_reg(e->ir), of, less = ir_reg(e->ir);

	ir_stack_store(e->ir, key, 0, alui(e, IR_AND, tag, (1 << INDEX_BITS) - 1), 4);
	of = emit_map_lookup(e, bytes_map(e), (struct place){SPACE_STACK, key, 0});
	ir_branchi(e->ir, IR_EQ, of, 0, full); /* (never) */
	ir_load(e->ir, was, of, 0, 8);
	ir_branch(e->ir, IR_EQ, was, tag, same);
	ir_store(e->ir, of, 0, tag, 8);
	ir_storei(e->ir, of, 8, 0, 8);
	ir_place(e->ir, same);
	ir_atomic(e->ir, IR_ATOMIC_FETCH_ADD, bytes, of, 8, size, -1, 8);
	ir_branchi(e->ir, IR_ULE, alu(e, IR_ADD, bytes, size), e->options->specsize, fits);
	ir_neg(e->ir, less, size);
	ir_atomic(e->ir, IR_ATOMIC_ADD, -1, of, 8, less, -1, 8);
	emit_count_drop(e, offsetof(struct drops, speculations));
	ir_jump(e->ir, full);
	ir_place(e->ir, fits);
}
