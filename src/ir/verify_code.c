/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last check, of the encoded program, as the kernel's verifier has it: each
 * jump lands on an instruction of its own program or subprogram, each of which
 * ends in an exit or a jump; everything is reached; a machine register is
 * written before it is read, whatever the path, and those that a call destroys
 * are written again; the stack is accessed inside of it and aligned.
 *
 * So a mistake of allocation, spilling, islands or subprograms shows here.
 */
#include "base/vec.h"
#include "ir/ir_impl.h"

#define BIT(reg) (1u << (reg))
#define CLOBBERED (BIT(1) | BIT(2) | BIT(3) | BIT(4) | BIT(5))
#define STACK 512

struct code_check {
	const struct ir_code *code;
	struct arena *tmp;
	unsigned *set; /* before each instruction, on all paths so far */
	bool *seen;
	uint32_t *program; /* of each instruction: 0, or its subprogram plus 1 */
	bool *is_second;   /* the second half of an instruction of 16 bytes */
	VEC(uint32_t) todo;
	uint32_t wrong;
	const char *why;
};

static bool is_wide_insn(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static bool is_jump(const struct bpf_insn *i)
{
	int class = BPF_CLASS(i->code);

	return class == BPF_JMP || class == BPF_JMP32;
}

static unsigned alu_uses(const struct bpf_insn *i)
{
	int op = BPF_OP(i->code);
	unsigned uses = op == BPF_MOV ? 0 : BIT(i->dst_reg);

	if (BPF_SRC(i->code) == BPF_X && op != BPF_END && op != BPF_NEG)
		uses |= BIT(i->src_reg);
	return uses;
}

static unsigned jump_uses(const struct bpf_insn *i)
{
	switch (BPF_OP(i->code)) {
	case BPF_JA:
	case BPF_CALL: /* how many arguments is the IR's to know */
		return 0;
	case BPF_EXIT:
		return BIT(0);
	}
	return BIT(i->dst_reg) | (BPF_SRC(i->code) == BPF_X ? BIT(i->src_reg) : 0);
}

static unsigned uses_of(const struct bpf_insn *i)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return alu_uses(i);
	case BPF_LDX:
		return BIT(i->src_reg);
	case BPF_ST:
		return BIT(i->dst_reg);
	case BPF_STX:
		return BIT(i->dst_reg) | BIT(i->src_reg) |
		       (BPF_MODE(i->code) == BPF_ATOMIC && i->imm == BPF_CMPXCHG ? BIT(0) : 0);
	case BPF_JMP:
	case BPF_JMP32:
		return jump_uses(i);
	}
	return 0;
}

static unsigned sets_of(const struct bpf_insn *i)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
	case BPF_LD:
	case BPF_LDX:
		return BIT(i->dst_reg);
	case BPF_STX:
		if (BPF_MODE(i->code) != BPF_ATOMIC || !(i->imm & BPF_FETCH))
			return 0;
		return BIT(i->imm == BPF_CMPXCHG ? 0 : i->src_reg);
	case BPF_JMP:
		return BPF_OP(i->code) == BPF_CALL ? BIT(0) : 0;
	}
	return 0;
}

static const char *check_stack(const struct bpf_insn *i)
{
	static const int bytes[] = {
		[BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [BPF_DW >> 3] = 8};
	int class = BPF_CLASS(i->code), size = bytes[BPF_SIZE(i->code) >> 3];

	if (class != BPF_LDX && class != BPF_ST && class != BPF_STX)
		return NULL;
	if ((class == BPF_LDX ? i->src_reg : i->dst_reg) != BPF_REG_10)
		return NULL;
	if (i->off < -STACK || i->off + size > 0)
		return "accesses the stack outside of it";
	return i->off % size ? "accesses the stack unaligned" : NULL;
}

static void found(struct code_check *c, uint32_t at, const char *why)
{
	if (!c->why) {
		c->wrong = at;
		c->why = why;
	}
}

/* What holds on all paths to an instruction is less with each; if that is news, it is followed. */
static void go_to(struct code_check *c, uint32_t from, int64_t to, unsigned set)
{
	if (to < 0 || to >= c->code->ninsns || c->program[to] != c->program[from] ||
	    c->is_second[to]) {
		found(c, from, "leads out of the program");
		return;
	}
	if (c->seen[to] && !(c->set[to] & ~set))
		return;
	c->set[to] = c->seen[to] ? c->set[to] & set : set;
	c->seen[to] = true;
	vec_push(&c->todo, (uint32_t)to);
}

static void enter(struct code_check *c, uint32_t at)
{
	if (c->seen[at])
		return;
	c->seen[at] = true;
	c->set[at] = CLOBBERED | BIT(10); /* arguments: as many as the caller gives */
	vec_push(&c->todo, at);
}

static void follow(struct code_check *c, uint32_t at)
{
	const struct bpf_insn *i = &c->code->insns[at];
	unsigned set = c->set[at], sets = sets_of(i);
	int op = BPF_OP(i->code);
	bool calls = is_jump(i) && op == BPF_CALL;

	if (uses_of(i) & ~set)
		found(c, at, "reads a register that was not written on some path there");
	if (sets & BIT(10))
		found(c, at, "writes r10");
	if (check_stack(i))
		found(c, at, check_stack(i));
	set = (calls ? set & ~CLOBBERED : set) | sets;
	/* of a function whose address is given the same is known: it is called back */
	if ((calls && i->src_reg == BPF_PSEUDO_CALL) ||
	    (is_wide_insn(i) && i->src_reg == BPF_PSEUDO_FUNC))
		enter(c, at + 1 + i->imm);
	if (is_jump(i) && op == BPF_EXIT)
		return;
	if (is_jump(i) && op != BPF_CALL)
		go_to(c, at, (int64_t)at + 1 + i->off, set);
	if (!is_jump(i) || op != BPF_JA)
		go_to(c, at, (int64_t)at + 1 + is_wide_insn(i), set);
}

static void survey(struct code_check *c)
{
	uint32_t program = 0;

	for (uint32_t at = 0; at < c->code->ninsns; at++) {
		if (program < c->code->nsubprogs && c->code->subprogs[program].insn == at)
			program++;
		c->program[at] = program;
		c->is_second[at] =
			at > 0 && is_wide_insn(&c->code->insns[at - 1]) && !c->is_second[at - 1];
	}
}

const char *verify_code(const struct ir_code *code, struct arena *a)
{
	uint32_t n = code->ninsns;
	struct code_check c = {.code = code};

	c.tmp = arena_new();
	c.set = arena_alloc(c.tmp, sizeof(*c.set) * (n + 1));
	c.seen = arena_alloc(c.tmp, n + 1);
	c.program = arena_alloc(c.tmp, sizeof(*c.program) * (n + 1));
	c.is_second = arena_alloc(c.tmp, n + 1);
	survey(&c);
	c.seen[0] = true;
	c.set[0] = BIT(1) | BIT(10);
	vec_push(&c.todo, 0);
	while (c.todo.n && !c.why)
		follow(&c, c.todo.at[--c.todo.n]);
	for (uint32_t at = 0; at < n && !c.why; at++)
		if (!c.seen[at] && !c.is_second[at])
			found(&c, at, "is not reached");
	vec_free(&c.todo);
	arena_free(c.tmp);
	return c.why ? arena_printf(a, "instruction %u %s", c.wrong, c.why) : NULL;
}
