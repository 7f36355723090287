/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Subprograms: what a program calls and takes along behind its end, each once
 * however often it is called.  They are the support routines (src/routines/), with
 * the functions that bpf_loop() calls back for them, and the way onward to a
 * program of a program array:
 *
 *	static int onward(void *ctx, void *progs, u32 index)
 *	{
 *		u32 key = 0;
 *		char *drops;
 *
 *		bpf_tail_call(ctx, progs, index);
 *		(no such program, or too many calls: behind here only then)
 *		drops = bpf_map_lookup_elem(&drops_map, &key);
 *		if (drops)
 *			__sync_fetch_and_add((u64 *)(drops + counter), 1);
 *		return 0;
 *	}
 *
 * The program that a subprogram goes over to ends where the subprogram would
 * have: back at the caller, whose registers and stack are as they were.  The
 * kernel has that for JIT-compiled programs (on x86 since Linux 5.10), and asks
 * for the types of the functions in return: see live/func_info.c.
 */
#include <errno.h>
#include <string.h>

#include "ir/ir_impl.h"
#include "ir/support.h"

#define MAX_STACK 512
#define FRAME_STEP 32 /* the kernel's sum takes every frame for a multiple of that */

/* The frames below one that makes a tail call must be less than 256 bytes (check_max_stack_depth()
 * in the kernel's verifier): up to 33 of them can lie one upon the other. */
#define MAX_BELOW_TAIL_CALL (256 - FRAME_STEP)

/* Support routine r is number r, the way onward comes behind them. */
unsigned subprog_number(const struct ins *call)
{
	return call->op == INS_CALL_ONWARD ? support_count : (unsigned)call->ref;
}

enum { ONWARD_MAP_AT = 2, ONWARD_INSNS = 12 };

static const struct bpf_insn *onward_code(struct ir *ir)
{
	const struct bpf_insn code[ONWARD_INSNS] = {
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_tail_call}, /* takes r1..r3 as given */
		{.code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10, .off = -4},
		[ONWARD_MAP_AT] = {.code = BPF_LD | BPF_IMM | BPF_DW,
				   .dst_reg = BPF_REG_1,
				   .src_reg = BPF_PSEUDO_MAP_FD},
		{0},
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_10},
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_2, .imm = -4},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_map_lookup_elem},
		{.code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 2},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = 1},
		{.code = BPF_STX | BPF_ATOMIC | BPF_DW,
		 .dst_reg = BPF_REG_0,
		 .src_reg = BPF_REG_1,
		 .off = (int16_t)ir->drops_counter,
		 .imm = BPF_ADD},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	struct bpf_insn *copy = arena_alloc(ir->tmp, sizeof(code));

	memcpy(copy, code, sizeof(code));
	return copy;
}

static const struct support_part onward_part = {"onward", 0};

static struct support_routine subprog(struct ir *ir, unsigned n)
{
	if (n < support_count)
		return support_routines[n];
	return (struct support_routine){onward_code(ir), ONWARD_INSNS, &onward_part, 1};
}

static uint32_t part_end(const struct support_routine *s, uint32_t part)
{
	return part + 1 < s->nparts ? s->parts[part + 1].insn : s->ninsns;
}

/* An upper bound of what a function has on its stack. */
static unsigned frame_of(const struct support_routine *s, uint32_t part)
{
	int deepest = 1;

	for (uint32_t k = s->parts[part].insn; k < part_end(s, part); k++) {
		const struct bpf_insn *insn = &s->insns[k];
		int class = BPF_CLASS(insn->code), off = 0;

		if (class == BPF_STX || class == BPF_ST)
			off = insn->dst_reg == BPF_REG_10 ? -insn->off : 0;
		else if (insn->code == (BPF_ALU64 | BPF_ADD | BPF_K))
			off = -insn->imm; /* r10 was moved there before */
		if (off > deepest && off <= MAX_STACK)
			deepest = off;
	}
	return (deepest + FRAME_STEP - 1) / FRAME_STEP * FRAME_STEP;
}

/* The routine's, and upon it that of the largest function that it has called back. */
static unsigned frames_of(const struct support_routine *s)
{
	unsigned largest = 0;

	for (uint32_t i = 1; i < s->nparts; i++)
		if (frame_of(s, i) > largest)
			largest = frame_of(s, i);
	return frame_of(s, 0) + largest;
}

/* A called routine's frame counts with ours: together they have 512 bytes. */
struct stack_limit subprog_stack_limit(struct ir *ir)
{
	struct stack_limit limit = {MAX_STACK, "a BPF program has"};

	for (size_t i = 0; i < ir->n; i++) {
		const struct ins *in = &ir->ins[i];
		unsigned left = MAX_STACK;

		if (in->op == INS_CALL_SUPPORT)
			left = MAX_STACK - frames_of(&support_routines[in->ref]);
		else if (in->op == INS_CALL_ONWARD)
			left = MAX_BELOW_TAIL_CALL;
		if (left >= limit.bytes)
			continue;
		limit.bytes = left;
		if (in->op == INS_CALL_ONWARD)
			limit.whose = "a BPF program has that calls others by way of a map";
	}
	return limit;
}

static unsigned count_functions(void)
{
	unsigned n = 1; /* onward */

	for (unsigned i = 0; i < support_count; i++)
		n += support_routines[i].nparts;
	return n;
}

static void place_subprogs(struct ir *ir, const struct emission *e, struct ir_code *out,
			   uint32_t *at)
{
	uint32_t total = e->n;

	out->subprogs = arena_alloc(ir->arena, sizeof(*out->subprogs) * count_functions());
	for (size_t i = 0; i < e->n; i++) {
		struct support_routine s;
		int n = call_of_target(e->target[i]);

		if (n < 0 || at[n])
			continue;
		s = subprog(ir, n);
		at[n] = total;
		for (uint32_t k = 0; k < s.nparts; k++)
			out->subprogs[out->nsubprogs++] =
				(struct ir_subprog){total + s.parts[k].insn, s.parts[k].name};
		total += s.ninsns;
		out->types_functions |= (unsigned)n == support_count || s.nparts > 1;
	}
	out->ninsns = total;
}

static void copy_uses(struct ir *ir, const struct emission *e, struct ir_code *out, uint32_t onward)
{
	out->uses = arena_alloc(ir->arena, sizeof(*out->uses) * (e->nuses + 1));
	if (e->nuses)
		memcpy(out->uses, e->uses, sizeof(*e->uses) * e->nuses);
	out->nuses = e->nuses;
	if (onward)
		out->uses[out->nuses++] =
			(struct ir_map_use){onward + ONWARD_MAP_AT, ir->drops_map};
}

/* The program's instructions and behind them the subprograms it calls, with the distances of
 * calls; those of jumps are left. */
void subprog_append(struct ir *ir, const struct emission *e, struct ir_code *out)
{
	/* of each subprogram: where it starts; 0 if it is not called */
	uint32_t *at = arena_alloc(ir->tmp, sizeof(*at) * (support_count + 1));

	place_subprogs(ir, e, out, at);
	out->insns = arena_alloc(ir->arena, sizeof(*out->insns) * out->ninsns);
	out->comments = arena_alloc(ir->arena, sizeof(*out->comments) * out->ninsns);
	memcpy(out->insns, e->insns, sizeof(*e->insns) * e->n);
	memcpy(out->comments, e->comments, sizeof(*e->comments) * e->n);
	for (size_t i = 0; i < e->n; i++) {
		int n = call_of_target(e->target[i]);

		if (n >= 0)
			out->insns[i].imm = (int32_t)(at[n] - (i + 1));
	}
	for (unsigned n = 0; n <= support_count; n++) {
		struct support_routine s;

		if (!at[n])
			continue;
		s = subprog(ir, n);
		memcpy(out->insns + at[n], s.insns, sizeof(*s.insns) * s.ninsns);
		for (uint32_t k = 0; k < s.nparts; k++)
			out->comments[at[n] + s.parts[k].insn] = s.parts[k].name;
	}
	copy_uses(ir, e, out, at[support_count]);
}
