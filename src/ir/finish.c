/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end's pipeline: from the operations as built to the BPF program.
 * Scratch memory lives in arenas of its own, so a large program leaves no more
 * behind than its code.
 */
#include <errno.h>
#include <string.h>

#include "ir/ir_impl.h"
#include "ir/support.h"

#define MAX_STACK 512
#define FOLD_ROUNDS 4

static void check(struct ir *ir)
{
	for (size_t i = 0; i < ir->n; i++)
		if (ins_jumps(&ir->ins[i]) && !ir->placed[ir->ins[i].ref])
			ir_fail(ir, -EINVAL, "the code generator jumps to a label it never placed");
}

/* The context arrives by an INS_ENTRY in front. */
static void add_entry(struct ir *ir)
{
	if (ir->ctx < 0)
		return;
	ins_begin(ir);
	PUSH(ir, .op = INS_ENTRY, .dst = ir->ctx);
	for (size_t i = 0; i < ir->old_n; i++)
		ins_push(ir, ir->old[i]);
}

static void separate(struct ir *ir)
{
	struct arena *tmp = arena_new();
	struct liveness live;

	clean_flow(ir);
	live_compute(ir, &live, tmp);
	split_ranges(ir, &live, tmp);
	arena_free(tmp);
}

static void simplify(struct ir *ir)
{
	bool changed = true;

	for (int round = 0; changed && round < FOLD_ROUNDS; round++) {
		changed = fold_values(ir);
		changed |= clean_flow(ir);
		changed |= remove_dead(ir);
	}
}

/* A called routine's frame counts with ours: together they have 512 bytes, each rounded up to 32.
 */
static unsigned stack_limit(const struct ir *ir)
{
	unsigned deepest = 0;

	for (size_t i = 0; i < ir->n; i++) {
		const struct support_routine *s;

		if (ir->ins[i].op != INS_CALL_SUPPORT)
			continue;
		s = &support_routines[ir->ins[i].ref];
		if (deepest < 32)
			deepest = 32;
		for (uint32_t k = 0; k < s->ninsns; k++) {
			const struct bpf_insn *insn = &s->insns[k];
			int class = BPF_CLASS(insn->code), off = 0;

			if (class == BPF_STX || class == BPF_ST)
				off = insn->dst_reg == BPF_REG_10 ? -insn->off : 0;
			else if (insn->code == (BPF_ALU64 | BPF_ADD | BPF_K))
				off = -insn->imm; /* r10 was moved there before: an upper bound */
			if (off > (int)deepest && off <= MAX_STACK)
				deepest = (off + 31) & ~31;
		}
	}
	return MAX_STACK - deepest;
}

/* One attempt at allocation. True if it came to an end, good or bad. */
static bool attempt(struct ir *ir, struct emission *e, struct ir_code *out)
{
	struct arena *tmp = arena_new();
	struct liveness live;
	struct frame frame = {0};
	signed char *regs;
	bool *victim, done;

	live_compute(ir, &live, tmp);
	coalesce(ir, &live, tmp);
	regs = arena_alloc(tmp, ir->nvregs + 1);
	victim = arena_alloc(tmp, ir->nvregs + 1);
	done = allocate(ir, &live, regs, victim, tmp);
	if (done && !ir->error)
		frame_layout(ir, &live, tmp, stack_limit(ir), &frame);
	else if (!ir->error)
		spill_rewrite(ir, victim, tmp);
	if (done && !ir->error) {
		emit(ir, regs, &frame, e);
		out->stack_used = frame.used;
	}
	arena_free(tmp);
	return done || ir->error;
}

static void compile(struct ir *ir, struct ir_code *out)
{
	struct emission e = {0};

	PUSH(ir, .op = INS_RET, .imm = 0); /* what the generator let run off the end */
	add_entry(ir);
	separate(ir);
	simplify(ir);
	lower(ir);
	clean_flow(ir);
	while (!attempt(ir, &e, out))
		;
	if (ir->error)
		return;
	jump_islands(ir, &e);
	jump_resolve(ir, &e, out);
}

int ir_finish(struct ir *ir, struct ir_code *out, const char **why)
{
	struct arena *tmp = arena_new();

	memset(out, 0, sizeof(*out));
	ir->tmp = tmp;
	check(ir);
	if (!ir->error)
		compile(ir, out);
	if (ir->error && why)
		*why = ir->why;
	arena_free(tmp);
	ir->tmp = ir->arena;
	ir->n = ir->cap = ir->old_cap = 0;
	ir->ins = ir->old = NULL;
	return ir->error;
}
