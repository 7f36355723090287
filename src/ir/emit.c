/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Encoding: allocated operations to BPF instructions.  Jumps keep their label
 * (target[]) until jump_resolve() knows the distances.
 */
#include <errno.h>
#include <string.h>

#include "ir/ir_impl.h"

struct emitter {
	struct ir *ir;
	const signed char *regs;
	const struct frame *frame;
	struct emission *e;
	size_t at;	    /* the operation that is being encoded */
	size_t comment_at;  /* the first comment that waits for an instruction */
	unsigned ncomments; /* of those that wait */
};

static void *grow(struct arena *a, const void *old, size_t n, size_t cap, size_t size)
{
	void *p = arena_alloc(a, cap * size);

	if (n)
		memcpy(p, old, n * size);
	return p;
}

/* The comments that wait, as lines of one text; NULL if there are none. */
static const char *take_comments(struct emitter *em)
{
	const struct ins *ins = em->ir->ins;
	size_t length = 0;
	char *text, *end;

	if (!em->ncomments)
		return NULL;
	if (em->ncomments == 1) {
		em->ncomments = 0;
		return ins[em->comment_at].text;
	}
	for (size_t i = em->comment_at; i < em->at; i++)
		length += ins[i].op == INS_COMMENT ? strlen(ins[i].text) + 1 : 0;
	text = end = arena_alloc(em->ir->arena, length);
	for (size_t i = em->comment_at; i < em->at; i++)
		if (ins[i].op == INS_COMMENT) {
			end = stpcpy(end, ins[i].text);
			*end++ = '\n';
		}
	end[-1] = '\0';
	em->ncomments = 0;
	return text;
}

static void put_target(struct emitter *em, struct bpf_insn insn, int target)
{
	struct emission *e = em->e;

	if (e->n == e->cap) {
		size_t cap = e->cap ? 2 * e->cap : 256;

		e->insns = grow(em->ir->tmp, e->insns, e->n, cap, sizeof(*e->insns));
		e->target = grow(em->ir->tmp, e->target, e->n, cap, sizeof(*e->target));
		e->comments = grow(em->ir->tmp, e->comments, e->n, cap, sizeof(*e->comments));
		e->cap = cap;
	}
	e->insns[e->n] = insn;
	e->target[e->n] = target;
	e->comments[e->n++] = take_comments(em);
}

#define PUT(em, ...) put_target((em), (struct bpf_insn){__VA_ARGS__}, TARGET_NONE)

static int reg(struct emitter *em, int r)
{
	if (em->regs[r] < 0) {
		ir_fail(em->ir, -EFAULT, "an operand has no machine register");
		return 0;
	}
	return em->regs[r];
}

static bool in_memory(const struct emitter *em, int r)
{
	return em->ir->vregs[r].where == IN_MEMORY;
}

static int size_bits(unsigned size)
{
	return size == 1 ? BPF_B : size == 2 ? BPF_H : size == 4 ? BPF_W : BPF_DW;
}

static void put_mov(struct emitter *em, int dst, int src)
{
	if (dst != src)
		PUT(em, .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = dst, .src_reg = src);
}

static void put_wide(struct emitter *em, int dst, int pseudo, int32_t imm, int32_t next)
{
	PUT(em, .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = dst, .src_reg = pseudo, .imm = imm);
	PUT(em, .imm = next);
}

static void put_const(struct emitter *em, int dst, int64_t v)
{
	if (fits32(v))
		PUT(em, .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = dst, .imm = (int32_t)v);
	else if ((uint64_t)v <= UINT32_MAX)
		PUT(em, .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = dst, .imm = (int32_t)v);
	else
		put_wide(em, dst, 0, (int32_t)v, (int32_t)(v >> 32));
}

static void put_map(struct emitter *em, int dst, int pseudo, int map, int off)
{
	struct emission *e = em->e;

	if (e->nuses == e->uses_cap) {
		e->uses_cap = e->uses_cap ? 2 * e->uses_cap : 64;
		e->uses = grow(em->ir->tmp, e->uses, e->nuses, e->uses_cap, sizeof(*e->uses));
	}
	e->uses[e->nuses++] = (struct ir_map_use){e->n, map};
	put_wide(em, dst, pseudo, 0, off);
}

static void put_made(struct emitter *em, int dst, const struct arg *m)
{
	int off;

	switch (m->op) {
	case INS_CONST:
		put_const(em, dst, m->imm);
		break;
	case INS_STACK_ADDR:
		put_mov(em, dst, BPF_REG_10);
		off = em->ir->objects[m->ref].offset + m->off;
		if (off)
			PUT(em, .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = dst, .imm = off);
		break;
	case INS_MAP:
		put_map(em, dst, BPF_PSEUDO_MAP_FD, m->ref, 0);
		break;
	case INS_MAP_VALUE:
		put_map(em, dst, BPF_PSEUDO_MAP_VALUE, m->ref, m->off);
		break;
	}
}

static void put_load_slot(struct emitter *em, int dst, int home)
{
	PUT(em, .code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = dst, .src_reg = BPF_REG_10,
	    .off = em->frame->slot[home]);
}

/*
 * The arguments: a parallel move into r1..r5.  First what nobody waits for, so
 * that chains unwind from their end; then only cycles are left, and r0, which
 * no longer holds an argument, breaks each; what is made or loaded comes last.
 */
static void put_args(struct emitter *em, const struct ins *in)
{
	int src[6] = {-1, -1, -1, -1, -1, -1};
	unsigned left = 0;

	for (unsigned k = 0; k < in->nargs; k++)
		if (in->args[k].v >= 0 && !in_memory(em, in->args[k].v)) {
			src[k + 1] = reg(em, in->args[k].v);
			if (src[k + 1] == (int)k + 1)
				src[k + 1] = -1;
			left += src[k + 1] >= 0;
		}
	while (left) {
		bool moved = false;
		int dst = 0;

		for (int d = 1; d <= 5; d++) {
			bool waited = false;

			for (int o = 1; o <= 5; o++)
				waited |= o != d && src[o] == d;
			if (src[d] < 0)
				continue;
			dst = d;
			if (waited)
				continue;
			put_mov(em, d, src[d]);
			src[d] = -1;
			left--;
			moved = true;
		}
		if (moved)
			continue;
		put_mov(em, BPF_REG_0, dst);
		for (int o = 1; o <= 5; o++)
			if (src[o] == dst)
				src[o] = BPF_REG_0;
	}
	for (unsigned k = 0; k < in->nargs; k++) {
		const struct arg *a = &in->args[k];

		if (a->v < 0)
			put_made(em, k + 1, a);
		else if (in_memory(em, a->v))
			put_load_slot(em, k + 1, a->v);
	}
}

static void put_call(struct emitter *em, const struct ins *in)
{
	put_args(em, in);
	if (in->op == INS_CALL)
		PUT(em, .code = BPF_JMP | BPF_CALL, .imm = in->ref);
	else
		put_target(
			em,
			(struct bpf_insn){.code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL},
			call_target(subprog_number(in)));
	if (in->dst >= 0)
		put_mov(em, reg(em, in->dst), BPF_REG_0);
}

static int alu_code(unsigned op)
{
	static const uint8_t codes[] = {
		[IR_ADD] = BPF_ADD,  [IR_SUB] = BPF_SUB, [IR_MUL] = BPF_MUL,  [IR_UDIV] = BPF_DIV,
		[IR_UMOD] = BPF_MOD, [IR_AND] = BPF_AND, [IR_OR] = BPF_OR,    [IR_XOR] = BPF_XOR,
		[IR_SHL] = BPF_LSH,  [IR_SHR] = BPF_RSH, [IR_SAR] = BPF_ARSH,
	};

	return codes[op];
}

static void put_alu(struct emitter *em, const struct ins *in)
{
	int dst = reg(em, in->dst), a = reg(em, in->a), b;

	if (in->b < 0) {
		put_mov(em, dst, a);
		PUT(em, .code = BPF_ALU64 | alu_code(in->sub) | BPF_K, .dst_reg = dst,
		    .imm = (int32_t)in->imm);
		return;
	}
	b = reg(em, in->b);
	if (dst == b && dst != a)
		b = a; /* commutes, or b would have been kept apart */
	else
		put_mov(em, dst, a);
	PUT(em, .code = BPF_ALU64 | alu_code(in->sub) | BPF_X, .dst_reg = dst, .src_reg = b);
}

static int branch_code(unsigned cond)
{
	static const uint8_t codes[] = {
		[IR_EQ] = BPF_JEQ,   [IR_NE] = BPF_JNE,	  [IR_ULT] = BPF_JLT,  [IR_ULE] = BPF_JLE,
		[IR_UGT] = BPF_JGT,  [IR_UGE] = BPF_JGE,  [IR_SLT] = BPF_JSLT, [IR_SLE] = BPF_JSLE,
		[IR_SGT] = BPF_JSGT, [IR_SGE] = BPF_JSGE, [IR_SET] = BPF_JSET,
	};

	return codes[cond];
}

static void put_branch(struct emitter *em, const struct ins *in)
{
	struct bpf_insn insn = {.code = BPF_JMP | branch_code(in->sub), .dst_reg = reg(em, in->a)};

	if (in->b < 0) {
		insn.imm = (int32_t)in->imm;
	} else {
		insn.code |= BPF_X;
		insn.src_reg = reg(em, in->b);
	}
	put_target(em, insn, in->ref);
}

/* Address of an access: a register, or an object in the frame. */
static int base(struct emitter *em, const struct ins *in, int *off)
{
	if (in->a >= 0) {
		*off = in->off;
		return reg(em, in->a);
	}
	*off = em->ir->objects[in->ref].offset + in->off;
	return BPF_REG_10;
}

static void put_access(struct emitter *em, const struct ins *in)
{
	int off, address = base(em, in, &off);

	if (in->op == INS_LOAD)
		PUT(em, .code = BPF_LDX | BPF_MEM | size_bits(in->size),
		    .dst_reg = reg(em, in->dst), .src_reg = address, .off = off);
	else if (in->b >= 0)
		PUT(em, .code = BPF_STX | BPF_MEM | size_bits(in->size), .dst_reg = address,
		    .src_reg = reg(em, in->b), .off = off);
	else
		PUT(em, .code = BPF_ST | BPF_MEM | size_bits(in->size), .dst_reg = address,
		    .off = off, .imm = (int32_t)in->imm);
}

static void put_atomic(struct emitter *em, const struct ins *in)
{
	static const int codes[] = {
		[IR_ATOMIC_ADD] = BPF_ADD,   [IR_ATOMIC_FETCH_ADD] = BPF_ADD | BPF_FETCH,
		[IR_ATOMIC_XCHG] = BPF_XCHG, [IR_ATOMIC_CMPXCHG] = BPF_CMPXCHG,
		[IR_ATOMIC_OR] = BPF_OR,
	};
	int off, address = base(em, in, &off), src = reg(em, in->b);

	if (in->c >= 0) {
		put_mov(em, BPF_REG_0, reg(em, in->c));
	} else if (in->dst >= 0) {
		put_mov(em, reg(em, in->dst), src);
		src = reg(em, in->dst);
	}
	PUT(em, .code = BPF_STX | BPF_ATOMIC | size_bits(in->size), .dst_reg = address,
	    .src_reg = src, .off = off, .imm = codes[in->sub]);
	if (in->c >= 0 && in->dst >= 0)
		put_mov(em, reg(em, in->dst), BPF_REG_0);
}

static void put_move(struct emitter *em, const struct ins *in)
{
	if (in_memory(em, in->a))
		put_load_slot(em, reg(em, in->dst), in->a);
	else if (in_memory(em, in->dst))
		PUT(em, .code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10,
		    .src_reg = reg(em, in->a), .off = em->frame->slot[in->dst]);
	else
		put_mov(em, reg(em, in->dst), reg(em, in->a));
}

/* Whether only labels, its own among them, lie between a jump and what follows. */
static bool jumps_to_next(const struct ir *ir, size_t i)
{
	for (size_t k = i + 1; k < ir->n; k++) {
		const struct ins *in = &ir->ins[k];

		if (in->op == INS_LABEL && in->ref == ir->ins[i].ref)
			return true;
		if (in->op != INS_LABEL && in->op != INS_COMMENT && in->op != INS_NOP)
			return false;
	}
	return false;
}

static void put_ins(struct emitter *em)
{
	const struct ins *in = &em->ir->ins[em->at];
	struct arg made = {-1, in->op, in->ref, in->off, in->imm};

	switch (in->op) {
	case INS_NOP:
		break;
	case INS_LABEL:
		em->e->label_at[in->ref] = em->e->n;
		break;
	case INS_COMMENT:
		if (!em->ncomments++)
			em->comment_at = em->at;
		break;
	case INS_ENTRY:
		put_mov(em, reg(em, in->dst), BPF_REG_1);
		break;
	case INS_MOV:
		put_move(em, in);
		break;
	case INS_CONST:
	case INS_STACK_ADDR:
	case INS_MAP:
	case INS_MAP_VALUE:
		put_made(em, reg(em, in->dst), &made);
		break;
	case INS_ALU:
		put_alu(em, in);
		break;
	case INS_NEG:
		put_mov(em, reg(em, in->dst), reg(em, in->a));
		PUT(em, .code = BPF_ALU64 | BPF_NEG, .dst_reg = reg(em, in->dst));
		break;
	case INS_FRESH: /* arithmetic, though it changes nothing, makes it another scalar */
		put_mov(em, reg(em, in->dst), reg(em, in->a));
		PUT(em, .code = BPF_ALU64 | BPF_XOR | BPF_K, .dst_reg = reg(em, in->dst));
		break;
	case INS_EXTEND:
		PUT(em, .code = BPF_ALU | BPF_MOV | BPF_X, .dst_reg = reg(em, in->dst),
		    .src_reg = reg(em, in->a));
		break;
	case INS_SWAP:
		put_mov(em, reg(em, in->dst), reg(em, in->a));
		PUT(em, .code = BPF_ALU | BPF_END | BPF_TO_BE, .dst_reg = reg(em, in->dst),
		    .imm = 8 * in->size);
		break;
	case INS_LOAD:
	case INS_STORE:
		put_access(em, in);
		break;
	case INS_ATOMIC:
		put_atomic(em, in);
		break;
	case INS_JUMP:
		if (!jumps_to_next(em->ir, em->at))
			put_target(em, (struct bpf_insn){.code = BPF_JMP | BPF_JA}, in->ref);
		break;
	case INS_BRANCH:
		put_branch(em, in);
		break;
	case INS_RET:
		PUT(em, .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0,
		    .imm = (int32_t)in->imm);
		PUT(em, .code = BPF_JMP | BPF_EXIT);
		break;
	default:
		put_call(em, in);
	}
}

void emit(struct ir *ir, const signed char *regs, const struct frame *f, struct emission *e)
{
	struct emitter em = {.ir = ir, .regs = regs, .frame = f, .e = e};

	e->label_at = arena_alloc(ir->tmp, sizeof(*e->label_at) * (ir->nlabels + 1));
	for (; em.at < ir->n; em.at++)
		put_ins(&em);
}
