/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's verifier limits beside the length of a program: pending
 * branches on one path, maps of one program.
 */
#include <string.h>

#include "ir/ir_impl.h"

static bool is_wide(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static bool is_branch(const struct bpf_insn *i)
{
	int class = BPF_CLASS(i->code), op = BPF_OP(i->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_JA && op != BPF_CALL &&
	       op != BPF_EXIT;
}

static bool is_subprogram_call(const struct bpf_insn *i)
{
	return i->code == (BPF_JMP | BPF_CALL) && i->src_reg == BPF_PSEUDO_CALL;
}

/* The end of subprogram k, or of the program itself for -1. */
static uint32_t end_of(const struct ir_code *code, int k)
{
	return k + 1 < (int)code->nsubprogs ? code->subprogs[k + 1].insn : code->ninsns;
}

/* Of [from, to). The verifier walks through a subprogram at each call anew. */
static uint32_t count_branches(const struct ir_code *code, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (uint32_t at = from; at < to; at += 1 + is_wide(&code->insns[at])) {
		const struct bpf_insn *in = &code->insns[at];

		n += is_branch(in);
		for (uint32_t k = 0; is_subprogram_call(in) && k < code->nsubprogs; k++)
			if (code->subprogs[k].insn == at + 1 + in->imm)
				n += count_branches(code, code->subprogs[k].insn, end_of(code, k));
	}
	return n;
}

static uint32_t count_maps(const struct ir_code *code, struct arena *tmp)
{
	int last = 0;
	uint32_t n = 0;
	bool *seen;

	for (uint32_t i = 0; i < code->nuses; i++)
		if (code->uses[i].map > last)
			last = code->uses[i].map;
	seen = arena_alloc(tmp, last + 1);
	for (uint32_t i = 0; i < code->nuses; i++) {
		n += !seen[code->uses[i].map];
		seen[code->uses[i].map] = true;
	}
	return n;
}

void measure(struct ir *ir, struct ir_code *code)
{
	code->branches = count_branches(code, 0, end_of(code, -1));
	code->nmaps = count_maps(code, ir->tmp);
}
