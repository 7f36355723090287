/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end's pipeline: from the operations as built to the BPF program.
 * Scratch memory lives in arenas of its own, so a large program leaves no more
 * behind than its code.
 */
#include <errno.h>
#include <string.h>

#include "ir/ir_impl.h"

#define FOLD_ROUNDS 4
#define VERIFY_ALL (VERIFY_REACHED | VERIFY_WRITTEN | VERIFY_LOWERED)

#ifdef IR_VERIFY
enum { VERIFYING = true };
#else
enum { VERIFYING = false };
#endif

/* Between passes, where the build asks for it. */
static void verify_after(struct ir *ir, const char *pass, unsigned established)
{
	struct arena *tmp = ir->tmp;
	const char *why;

	if (!VERIFYING || ir->error)
		return;
	ir->tmp = arena_new();
	why = verify(ir, established);
	if (why)
		ir_fail(ir, -EFAULT, arena_printf(ir->arena, "after %s: %s", pass, why));
	arena_free(ir->tmp);
	ir->tmp = tmp;
}

/* The last one, of what came out. */
static void verify_result(struct ir *ir, const struct ir_code *code)
{
	const char *why = VERIFYING && !ir->error ? verify_code(code, ir->arena) : NULL;

	if (why)
		ir_fail(ir, -EFAULT, arena_printf(ir->arena, "after encoding: %s", why));
}

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
	verify_after(ir, "the first clean_flow()", VERIFY_REACHED);
	live_compute(ir, &live, tmp);
	verify_after(ir, "the first live_compute()", VERIFY_REACHED | VERIFY_WRITTEN);
	split_ranges(ir, &live, tmp);
	verify_after(ir, "split_ranges()", VERIFY_REACHED | VERIFY_WRITTEN);
	arena_free(tmp);
}

static void simplify(struct ir *ir)
{
	bool changed = true;

	for (int round = 0; changed && round < FOLD_ROUNDS; round++) {
		changed = fold_values(ir);
		verify_after(ir, "fold_values()", VERIFY_WRITTEN);
		changed |= clean_flow(ir);
		verify_after(ir, "clean_flow()", VERIFY_REACHED | VERIFY_WRITTEN);
		changed |= remove_dead(ir);
		verify_after(ir, "remove_dead()", VERIFY_REACHED | VERIFY_WRITTEN);
	}
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
	verify_after(ir, "coalesce()", VERIFY_ALL);
	regs = arena_alloc(tmp, ir->nvregs + 1);
	victim = arena_alloc(tmp, ir->nvregs + 1);
	done = allocate(ir, &live, regs, victim, tmp);
	if (done && !ir->error)
		frame_layout(ir, &live, tmp, subprog_stack_limit(ir), &frame);
	else if (!ir->error)
		spill_rewrite(ir, victim, tmp);
	verify_after(ir, "an attempt at allocation", VERIFY_ALL);
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
	verify_after(ir, "building", 0);
	separate(ir);
	simplify(ir);
	lower(ir);
	verify_after(ir, "lower()", VERIFY_WRITTEN | VERIFY_LOWERED);
	clean_flow(ir);
	verify_after(ir, "the last clean_flow()", VERIFY_ALL);
	while (!attempt(ir, &e, out))
		;
	if (ir->error)
		return;
	jump_islands(ir, &e);
	subprog_append(ir, &e, out);
	jump_resolve(ir, &e, out);
	verify_result(ir, out);
	measure(ir, out);
}

int ir_finish(struct ir *ir, struct ir_code *out, const char **why)
{
	memset(out, 0, sizeof(*out));
	check(ir);
	if (!ir->error)
		compile(ir, out);
	if (ir->error && why)
		*why = ir->why;
	ir_free(ir);
	ir->n = ir->cap = ir->old_cap = 0;
	ir->ins = ir->old = NULL;
	return ir->error;
}
