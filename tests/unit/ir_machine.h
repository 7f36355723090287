/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A BPF interpreter for the tests of the back end. Beside running a program it
 * refuses what the kernel's verifier would: reads of unset registers and stack
 * bytes, accesses out of bounds, registers kept over a call that clobbers them,
 * instructions that nothing leads to.
 * Helpers are made up: see helper_result().
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"

#define CTX_BYTES 1024
#define MAP_BYTES 256

struct machine {
	uint64_t reg[11];
	bool set[11];
	uint8_t stack[512] __attribute__((aligned(16)));
	bool stack_set[512];
	uint8_t *ctx;
	uint8_t map[MAP_BYTES];
	unsigned long steps;
	const char *wrong; /* what the program did that it must not */
};

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31;
	x *= 0x9e3779b97f4a7c15ull;
	return x ^ x >> 29;
}

/* Every helper of the tests: its number modulo 6 is how many arguments it reads. */
static uint64_t helper_result(int helper, const uint64_t *args, int nargs)
{
	uint64_t h = mix(helper + 1);

	for (int i = 0; i < nargs; i++)
		h = mix(h + args[i]);
	return helper % 2 ? h : h % 16;
}

static uint8_t *memory(struct machine *m, uint64_t at, unsigned size, bool write)
{
	uint64_t stack = (uint64_t)(uintptr_t)m->stack, ctx = (uint64_t)(uintptr_t)m->ctx;
	uint64_t map = (uint64_t)(uintptr_t)m->map;

	if (at >= ctx && at + size <= ctx + CTX_BYTES)
		return (uint8_t *)(uintptr_t)at;
	if (at >= map && at + size <= map + MAP_BYTES)
		return (uint8_t *)(uintptr_t)at;
	if (at < stack || at + size > stack + 512) {
		m->wrong = "access out of bounds";
		return NULL;
	}
	if (at % size)
		m->wrong = "unaligned stack access";
	for (unsigned i = 0; i < size; i++) {
		if (write)
			m->stack_set[at - stack + i] = true;
		else if (!m->stack_set[at - stack + i])
			m->wrong = "stack read before it was written";
	}
	return (uint8_t *)(uintptr_t)at;
}

static unsigned access_bytes(uint8_t code)
{
	static const unsigned bytes[] = {
		[BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [BPF_DW >> 3] = 8};

	return bytes[BPF_SIZE(code) >> 3];
}

static uint64_t get(struct machine *m, int r)
{
	if (!m->set[r])
		m->wrong = "register read before it was written";
	return m->reg[r];
}

static void set(struct machine *m, int r, uint64_t v)
{
	if (r == 10)
		m->wrong = "r10 written";
	m->reg[r] = v;
	m->set[r] = true;
}

static uint64_t peek(struct machine *m, uint64_t at, unsigned size)
{
	uint8_t *p = memory(m, at, size, false);
	uint64_t v = 0;

	if (p)
		memcpy(&v, p, size);
	return v;
}

static void poke(struct machine *m, uint64_t at, uint64_t v, unsigned size)
{
	uint8_t *p = memory(m, at, size, true);

	if (p)
		memcpy(p, &v, size);
}

static void run_alu(struct machine *m, const struct bpf_insn *i)
{
	bool narrow = BPF_CLASS(i->code) == BPF_ALU;
	uint64_t b = BPF_SRC(i->code) == BPF_X && BPF_OP(i->code) != BPF_END
			     ? get(m, i->src_reg)
			     : (uint64_t)(int64_t)i->imm;
	uint64_t a = BPF_OP(i->code) == BPF_MOV ? 0 : get(m, i->dst_reg);

	if (narrow && BPF_OP(i->code) != BPF_END && BPF_OP(i->code) != BPF_MOV)
		m->wrong = "32-bit arithmetic";
	if (BPF_SRC(i->code) == BPF_K &&
	    (BPF_OP(i->code) == BPF_DIV || BPF_OP(i->code) == BPF_MOD) && !i->imm)
		m->wrong = "division by constant zero";
	if (BPF_SRC(i->code) == BPF_K && i->imm > 63 &&
	    (BPF_OP(i->code) == BPF_LSH || BPF_OP(i->code) == BPF_RSH ||
	     BPF_OP(i->code) == BPF_ARSH))
		m->wrong = "shift out of range";
	switch (BPF_OP(i->code)) {
	case BPF_ADD:
		a += b;
		break;
	case BPF_SUB:
		a -= b;
		break;
	case BPF_MUL:
		a *= b;
		break;
	case BPF_DIV:
		a = b ? a / b : 0;
		break;
	case BPF_MOD:
		a = b ? a % b : a;
		break;
	case BPF_OR:
		a |= b;
		break;
	case BPF_AND:
		a &= b;
		break;
	case BPF_XOR:
		a ^= b;
		break;
	case BPF_LSH:
		a <<= b & 63;
		break;
	case BPF_RSH:
		a >>= b & 63;
		break;
	case BPF_ARSH:
		a = (uint64_t)((int64_t)a >> (b & 63));
		break;
	case BPF_NEG:
		a = -a;
		break;
	case BPF_MOV:
		a = narrow ? (uint32_t)b : b;
		break;
	case BPF_END:
		a = i->imm == 16   ? __builtin_bswap16(a)
		    : i->imm == 32 ? __builtin_bswap32(a)
				   : __builtin_bswap64(a);
		break;
	default:
		m->wrong = "unknown arithmetic";
	}
	set(m, i->dst_reg, a);
}

static bool run_condition(struct machine *m, const struct bpf_insn *i)
{
	uint64_t a = get(m, i->dst_reg);
	uint64_t b = BPF_SRC(i->code) == BPF_X ? get(m, i->src_reg) : (uint64_t)(int64_t)i->imm;
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (BPF_OP(i->code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSGT:
		return sa > sb;
	case BPF_JSGE:
		return sa >= sb;
	case BPF_JSLT:
		return sa < sb;
	case BPF_JSLE:
		return sa <= sb;
	case BPF_JSET:
		return (a & b) != 0;
	}
	m->wrong = "unknown condition";
	return false;
}

static void run_call(struct machine *m, const struct bpf_insn *i)
{
	uint64_t args[5];

	for (int k = 0; k < i->imm % 6; k++)
		args[k] = get(m, k + 1);
	set(m, 0, helper_result(i->imm, args, i->imm % 6));
	for (int k = 1; k <= 5; k++)
		m->set[k] = false;
}

static void run_atomic(struct machine *m, const struct bpf_insn *i)
{
	unsigned size = access_bytes(i->code);
	uint64_t at = get(m, i->dst_reg) + i->off, old = peek(m, at, size),
		 src = get(m, i->src_reg);

	switch (i->imm) {
	case BPF_ADD:
		poke(m, at, old + src, size);
		break;
	case BPF_OR:
		poke(m, at, old | src, size);
		break;
	case BPF_ADD | BPF_FETCH:
		poke(m, at, old + src, size);
		set(m, i->src_reg, old);
		break;
	case BPF_XCHG:
		poke(m, at, src, size);
		set(m, i->src_reg, old);
		break;
	case BPF_CMPXCHG:
		if (old == (size == 4 ? (uint32_t)get(m, 0) : get(m, 0)))
			poke(m, at, src, size);
		set(m, 0, old);
		break;
	default:
		m->wrong = "unknown atomic";
	}
}

static bool is_wide(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_IMM | BPF_DW);
}

/* Where execution may go on behind pc: at most two places. */
static int successors(const struct ir_code *code, uint32_t pc, uint32_t next[2])
{
	const struct bpf_insn *i = &code->insns[pc];
	int op = BPF_OP(i->code), n = 0;
	bool is_jump = BPF_CLASS(i->code) == BPF_JMP;

	if (is_jump && op == BPF_CALL && i->src_reg == BPF_PSEUDO_CALL)
		next[n++] = pc + 1 + i->imm;
	if (is_jump && op != BPF_CALL && op != BPF_EXIT)
		next[n++] = pc + 1 + i->off;
	if (!is_jump || (op != BPF_JA && op != BPF_EXIT))
		next[n++] = pc + 1 + is_wide(i);
	return n;
}

/* The first instruction that nothing leads to, which the kernel refuses; ninsns if there is none.
 */
static inline uint32_t first_unreached(const struct ir_code *code)
{
	bool *seen = calloc(code->ninsns + 1, sizeof(*seen));
	uint32_t *todo = calloc(2 * code->ninsns + 1, sizeof(*todo)), n = 1, at, next[2];

	while (n) {
		at = todo[--n];
		if (at >= code->ninsns || seen[at])
			continue;
		seen[at] = true;
		for (int k = successors(code, at, next); k-- > 0;)
			todo[n++] = next[k];
	}
	for (at = 0; at < code->ninsns && seen[at]; at += 1 + is_wide(&code->insns[at]))
		;
	free(seen);
	free(todo);
	return at;
}

/* r0 at exit; m->wrong says what was not allowed. */
static inline uint64_t run(struct machine *m, const struct ir_code *code)
{
	uint32_t pc = 0;

	if (first_unreached(code) != code->ninsns)
		m->wrong = "unreachable instruction";
	set(m, 1, (uint64_t)(uintptr_t)m->ctx);
	m->reg[10] = (uint64_t)(uintptr_t)m->stack + 512;
	m->set[10] = true;
	while (!m->wrong) {
		const struct bpf_insn *i = &code->insns[pc];

		if (pc >= code->ninsns || ++m->steps > 3000000) {
			m->wrong = "ran off the program";
			break;
		}
		pc++;
		switch (BPF_CLASS(i->code)) {
		case BPF_ALU:
		case BPF_ALU64:
			run_alu(m, i);
			break;
		case BPF_LD:
			if (i->src_reg == BPF_PSEUDO_MAP_VALUE)
				set(m, i->dst_reg,
				    (uint64_t)(uintptr_t)m->map + (uint32_t)i[1].imm);
			else
				set(m, i->dst_reg,
				    (uint32_t)i->imm | (uint64_t)(uint32_t)i[1].imm << 32);
			pc++;
			break;
		case BPF_LDX:
			set(m, i->dst_reg,
			    peek(m, get(m, i->src_reg) + i->off, access_bytes(i->code)));
			break;
		case BPF_ST:
			poke(m, get(m, i->dst_reg) + i->off, (uint64_t)(int64_t)i->imm,
			     access_bytes(i->code));
			break;
		case BPF_STX:
			if (BPF_MODE(i->code) == BPF_ATOMIC)
				run_atomic(m, i);
			else
				poke(m, get(m, i->dst_reg) + i->off, get(m, i->src_reg),
				     access_bytes(i->code));
			break;
		case BPF_JMP:
			if (BPF_OP(i->code) == BPF_EXIT)
				return get(m, 0);
			if (BPF_OP(i->code) == BPF_CALL)
				run_call(m, i);
			else if (BPF_OP(i->code) == BPF_JA || run_condition(m, i))
				pc += i->off;
			break;
		default:
			m->wrong = "unknown instruction";
		}
	}
	return 0;
}

/* A repeatable sequence of choices. */
static uint64_t seed;

static inline unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((seed >> 33) % n);
}
