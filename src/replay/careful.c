/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's verifier refuses although it would run: registers and bytes
 * of the stack that are read before they are written, registers kept over a
 * call, accesses to the stack that are not aligned, a frame pointer that moves.
 * Also arithmetic of 32 bits but for moves, which our code generator never makes.
 */
#include "replay/machine.h"

#define BIT(reg) (1u << (reg))
#define ARGUMENTS (BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(5))

struct registers {
	unsigned uses, sets;
};

static struct registers of_alu(const struct bpf_insn *i)
{
	struct registers r = {.sets = BIT(i->dst_reg)};
	int op = BPF_OP(i->code);

	if (op != BPF_MOV)
		r.uses |= BIT(i->dst_reg);
	if (BPF_SRC(i->code) == BPF_X && op != BPF_END && op != BPF_NEG)
		r.uses |= BIT(i->src_reg);
	return r;
}

static struct registers of_atomic(const struct bpf_insn *i)
{
	struct registers r = {.uses = BIT(i->dst_reg) | BIT(i->src_reg)};

	if (i->imm == BPF_CMPXCHG)
		return (struct registers){r.uses | BIT(0), BIT(0)};
	if (i->imm & BPF_FETCH)
		r.sets = BIT(i->src_reg);
	return r;
}

static struct registers of_jump(const struct step *op, const struct bpf_insn *i)
{
	switch (BPF_OP(i->code)) {
	case BPF_JA:
		return (struct registers){0};
	case BPF_EXIT:
		return (struct registers){.uses = BIT(0)};
	case BPF_CALL:
		if (op->what == STEP_TAIL_CALL)
			return (struct registers){.uses = BIT(1) | BIT(2) | BIT(3), .sets = BIT(0)};
		if (op->what == STEP_LOOP)
			return (struct registers){ARGUMENTS & ~BIT(5), BIT(0)};
		/* What a subprogram takes is seen there. */
		return (struct registers){.uses = op->what == STEP_CALL ? BIT(op->src + 1) - 2 : 0,
					  .sets = op->what == STEP_CALL ? BIT(0) : 0};
	}
	return (struct registers){.uses = BIT(i->dst_reg) |
					  (BPF_SRC(i->code) == BPF_X ? BIT(i->src_reg) : 0)};
}

static struct registers of(const struct step *op, const struct bpf_insn *i)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return of_alu(i);
	case BPF_LD:
		return (struct registers){.sets = BIT(i->dst_reg)};
	case BPF_LDX:
		return (struct registers){BIT(i->src_reg), BIT(i->dst_reg)};
	case BPF_ST:
		return (struct registers){.uses = BIT(i->dst_reg)};
	case BPF_STX:
		if (BPF_MODE(i->code) == BPF_ATOMIC)
			return of_atomic(i);
		return (struct registers){.uses = BIT(i->dst_reg) | BIT(i->src_reg)};
	default:
		return of_jump(op, i);
	}
}

/* A write makes bytes of the stack known; they may be read from then on. */
static const char *stack_access(struct machine *m, const struct bpf_insn *i, const uint64_t *r)
{
	static const unsigned bytes[] = {
		[BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [BPF_DW >> 3] = 8};
	int class = BPF_CLASS(i->code);
	uint64_t at = r[class == BPF_LDX ? i->src_reg : i->dst_reg] + (int64_t)i->off, off;
	unsigned size = bytes[BPF_SIZE(i->code) >> 3];

	if (class != BPF_LDX && class != BPF_ST && class != BPF_STX)
		return NULL;
	off = at - (r[10] - MACHINE_STACK);
	if (off >= MACHINE_STACK || off + size > MACHINE_STACK)
		return NULL;
	if (at % size)
		return "accesses the stack unaligned";
	if (class != BPF_LDX && BPF_MODE(i->code) == BPF_MEM)
		memory_allow(&m->memory, (void *)(uintptr_t)at, size);
	return NULL;
}

static bool is_narrow(const struct bpf_insn *i)
{
	int op = BPF_OP(i->code);

	return BPF_CLASS(i->code) == BPF_ALU && op != BPF_MOV && op != BPF_END;
}

const char *careful_check(struct machine *m, const struct step *op, const struct bpf_insn *i,
			  const uint64_t *r)
{
	struct registers regs = of(op, i);
	bool calls = BPF_CLASS(i->code) == BPF_JMP && BPF_OP(i->code) == BPF_CALL;

	if (regs.uses & ~m->set)
		return "reads a register before it was written";
	if (regs.sets & BIT(10))
		return "writes r10";
	if (is_narrow(i) && !m->depth)
		return "calculates with 32 bits";
	if (calls && op->what != STEP_ENTER)
		m->set &= ~ARGUMENTS;
	m->set |= regs.sets;
	if (op->what == STEP_EXIT && m->depth)
		m->set = (m->frames[m->depth - 1].set & ~ARGUMENTS) | BIT(0);
	return stack_access(m, i, r);
}
