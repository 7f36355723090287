/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end: random programs, built as IR and evaluated directly, must agree
 * with the encoded instructions run by a small BPF interpreter that also
 * refuses what the kernel's verifier would: reads of unset registers and stack
 * bytes, accesses outside the stack and the context, registers kept over a call
 * that clobbers them.  Beside those, listings that pin the code quality.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ir/ir.h"

/* -- the interpreter ------------------------------------------------------ */

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
	static const unsigned bytes[] = { [BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [BPF_DW >> 3] = 8 };

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
	uint64_t b = BPF_SRC(i->code) == BPF_X && BPF_OP(i->code) != BPF_END ? get(m, i->src_reg) :
									       (uint64_t)(int64_t)i->imm;
	uint64_t a = BPF_OP(i->code) == BPF_MOV ? 0 : get(m, i->dst_reg);

	if (narrow && BPF_OP(i->code) != BPF_END && BPF_OP(i->code) != BPF_MOV)
		m->wrong = "32-bit arithmetic";
	if (BPF_SRC(i->code) == BPF_K && (BPF_OP(i->code) == BPF_DIV || BPF_OP(i->code) == BPF_MOD) && !i->imm)
		m->wrong = "division by constant zero";
	if (BPF_SRC(i->code) == BPF_K && i->imm > 63 &&
	    (BPF_OP(i->code) == BPF_LSH || BPF_OP(i->code) == BPF_RSH || BPF_OP(i->code) == BPF_ARSH))
		m->wrong = "shift out of range";
	switch (BPF_OP(i->code)) {
	case BPF_ADD: a += b; break;
	case BPF_SUB: a -= b; break;
	case BPF_MUL: a *= b; break;
	case BPF_DIV: a = b ? a / b : 0; break;
	case BPF_MOD: a = b ? a % b : a; break;
	case BPF_OR: a |= b; break;
	case BPF_AND: a &= b; break;
	case BPF_XOR: a ^= b; break;
	case BPF_LSH: a <<= b & 63; break;
	case BPF_RSH: a >>= b & 63; break;
	case BPF_ARSH: a = (uint64_t)((int64_t)a >> (b & 63)); break;
	case BPF_NEG: a = -a; break;
	case BPF_MOV: a = narrow ? (uint32_t)b : b; break;
	case BPF_END:
		a = i->imm == 16 ? __builtin_bswap16(a) : i->imm == 32 ? __builtin_bswap32(a) : __builtin_bswap64(a);
		break;
	default: m->wrong = "unknown arithmetic";
	}
	set(m, i->dst_reg, a);
}

static bool run_condition(struct machine *m, const struct bpf_insn *i)
{
	uint64_t a = get(m, i->dst_reg);
	uint64_t b = BPF_SRC(i->code) == BPF_X ? get(m, i->src_reg) : (uint64_t)(int64_t)i->imm;
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (BPF_OP(i->code)) {
	case BPF_JEQ: return a == b;
	case BPF_JNE: return a != b;
	case BPF_JGT: return a > b;
	case BPF_JGE: return a >= b;
	case BPF_JLT: return a < b;
	case BPF_JLE: return a <= b;
	case BPF_JSGT: return sa > sb;
	case BPF_JSGE: return sa >= sb;
	case BPF_JSLT: return sa < sb;
	case BPF_JSLE: return sa <= sb;
	case BPF_JSET: return (a & b) != 0;
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
	uint64_t at = get(m, i->dst_reg) + i->off, old = peek(m, at, size), src = get(m, i->src_reg);

	switch (i->imm) {
	case BPF_ADD: poke(m, at, old + src, size); break;
	case BPF_OR: poke(m, at, old | src, size); break;
	case BPF_ADD | BPF_FETCH: poke(m, at, old + src, size); set(m, i->src_reg, old); break;
	case BPF_XCHG: poke(m, at, src, size); set(m, i->src_reg, old); break;
	case BPF_CMPXCHG:
		if (old == (size == 4 ? (uint32_t)get(m, 0) : get(m, 0)))
			poke(m, at, src, size);
		set(m, 0, old);
		break;
	default: m->wrong = "unknown atomic";
	}
}

/* r0 at exit; m->wrong says what was not allowed. */
static uint64_t run(struct machine *m, const struct ir_code *code)
{
	uint32_t pc = 0;

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
				set(m, i->dst_reg, (uint64_t)(uintptr_t)m->map + (uint32_t)i[1].imm);
			else
				set(m, i->dst_reg, (uint32_t)i->imm | (uint64_t)(uint32_t)i[1].imm << 32);
			pc++;
			break;
		case BPF_LDX:
			set(m, i->dst_reg, peek(m, get(m, i->src_reg) + i->off, access_bytes(i->code)));
			break;
		case BPF_ST:
			poke(m, get(m, i->dst_reg) + i->off, (uint64_t)(int64_t)i->imm, access_bytes(i->code));
			break;
		case BPF_STX:
			if (BPF_MODE(i->code) == BPF_ATOMIC)
				run_atomic(m, i);
			else
				poke(m, get(m, i->dst_reg) + i->off, get(m, i->src_reg), access_bytes(i->code));
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

/* -- random programs ------------------------------------------------------ */

static uint64_t seed;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((seed >> 33) % n);
}

static int64_t pick_constant(void)
{
	static const int64_t likely[] = { 0, 1, -1, 2, 8, 63, 64, 255, 4096, INT32_MAX, INT32_MIN, 0xffffffffll,
					  0x80000000ll, INT64_MIN, INT64_MAX, 0x123456789abcdefll, -7, 10 };

	return likely[pick(sizeof(likely) / sizeof(*likely))];
}

#define MAX_VARS 40
#define SLOTS 4 /* stack objects of 16 bytes */

/* Builds IR and, if the flag is on, keeps the values the variables must have: only one path is alive. */
struct twin {
	struct ir *ir;
	int nvars;
	int var[MAX_VARS];
	uint64_t value[MAX_VARS];
	int slot[SLOTS];
	uint8_t bytes[SLOTS][16];
	int map_base;
	uint8_t map[MAP_BYTES];
	int depth, budget;
	bool alive;
};

static uint64_t ref_alu(enum ir_op op, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (op) {
	case IR_ADD: return a + b;
	case IR_SUB: return a - b;
	case IR_MUL: return a * b;
	case IR_UDIV: return b ? a / b : 0;
	case IR_UMOD: return b ? a % b : a;
	case IR_SDIV: return !b ? 0 : sb == -1 ? -a : (uint64_t)(sa / sb);
	case IR_SMOD: return !b ? a : sb == -1 ? 0 : (uint64_t)(sa % sb);
	case IR_AND: return a & b;
	case IR_OR: return a | b;
	case IR_XOR: return a ^ b;
	case IR_SHL: return a << (b & 63);
	case IR_SHR: return a >> (b & 63);
	case IR_SAR: return (uint64_t)(sa >> (b & 63));
	}
	abort();
}

static bool ref_cond(enum ir_cond cond, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (cond) {
	case IR_EQ: return a == b;
	case IR_NE: return a != b;
	case IR_ULT: return a < b;
	case IR_ULE: return a <= b;
	case IR_UGT: return a > b;
	case IR_UGE: return a >= b;
	case IR_SLT: return sa < sb;
	case IR_SLE: return sa <= sb;
	case IR_SGT: return sa > sb;
	case IR_SGE: return sa >= sb;
	case IR_SET: return (a & b) != 0;
	}
	abort();
}

static void assign(struct twin *t, int v, uint64_t value)
{
	if (t->alive)
		t->value[v] = value;
}

static void gen_arithmetic(struct twin *t)
{
	int d = pick(t->nvars), a = pick(t->nvars), b = pick(t->nvars);
	unsigned sizes[] = { 1, 2, 4, 8 }, size = sizes[pick(4)];
	enum ir_op op = pick(IR_SAR + 1);
	int64_t c = pick_constant();
	uint64_t x = t->value[a];

	switch (pick(9)) {
	case 0:
		ir_mov(t->ir, t->var[d], t->var[a]);
		assign(t, d, x);
		break;
	case 1:
		ir_const(t->ir, t->var[d], c);
		assign(t, d, c);
		break;
	case 2:
	case 3:
		ir_alui(t->ir, op, t->var[d], t->var[a], c);
		assign(t, d, ref_alu(op, x, c));
		break;
	case 4:
		ir_neg(t->ir, t->var[d], t->var[a]);
		assign(t, d, -x);
		break;
	case 5:
		ir_not(t->ir, t->var[d], t->var[a]);
		assign(t, d, ~x);
		break;
	case 6:
		if (size > 1) {
			ir_swap(t->ir, t->var[d], t->var[a], size);
			assign(t, d, size == 2 ? __builtin_bswap16(x) : size == 4 ? __builtin_bswap32(x) : __builtin_bswap64(x));
			break;
		}
		/* fall through */
	case 7: {
		bool sign = pick(2);
		unsigned shift = 64 - 8 * size;

		ir_extend(t->ir, t->var[d], t->var[a], size, sign);
		assign(t, d, sign ? (uint64_t)((int64_t)(x << shift) >> shift) : x << shift >> shift);
		break;
	}
	default:
		ir_alu(t->ir, op, t->var[d], t->var[a], t->var[b]);
		assign(t, d, ref_alu(op, x, t->value[b]));
	}
}

static void gen_memory(struct twin *t)
{
	int s = pick(SLOTS), v = pick(t->nvars), off = 8 * pick(2);
	unsigned sizes[] = { 1, 2, 4, 8 }, size = sizes[pick(4)];
	int64_t c = (int32_t)pick_constant();
	bool by_pointer = pick(3) == 0;
	uint64_t loaded = 0;
	int p = t->map_base;
	uint8_t *at = t->map + 16 * s + off;

	if (!by_pointer) {
		at = t->bytes[s] + off;
		p = ir_reg(t->ir);
		ir_stack_addr(t->ir, p, t->slot[s], 0);
	} else {
		off += 16 * s;
	}
	bool direct = !by_pointer && pick(2);

	memcpy(&loaded, at, size);
	switch (pick(3)) {
	case 0:
		if (direct)
			ir_stack_load(t->ir, t->var[v], t->slot[s], off, size);
		else
			ir_load(t->ir, t->var[v], p, off, size);
		assign(t, v, loaded);
		break;
	case 1:
		if (direct)
			ir_stack_store(t->ir, t->slot[s], off, t->var[v], size);
		else
			ir_store(t->ir, p, off, t->var[v], size);
		if (t->alive)
			memcpy(at, &t->value[v], size);
		break;
	default:
		if (direct)
			ir_stack_storei(t->ir, t->slot[s], off, c, size);
		else
			ir_storei(t->ir, p, off, c, size);
		if (t->alive)
			memcpy(at, &c, size);
	}
}

static void gen_atomic(struct twin *t)
{
	int d = pick(t->nvars), s = pick(t->nvars), e = pick(t->nvars);
	unsigned size = pick(2) ? 8 : 4;
	int off = 8 * pick(8);
	enum ir_atomic op = pick(IR_ATOMIC_OR + 1);
	bool result = op != IR_ATOMIC_ADD && op != IR_ATOMIC_OR;
	uint64_t old = 0, new, expected = size == 4 ? (uint32_t)t->value[e] : t->value[e];

	memcpy(&old, t->map + off, size);
	new = op == IR_ATOMIC_XCHG ? t->value[s] : op == IR_ATOMIC_OR ? old | t->value[s] : old + t->value[s];
	if (op == IR_ATOMIC_CMPXCHG)
		new = old == expected ? t->value[s] : old;
	ir_atomic(t->ir, op, result ? t->var[d] : -1, t->map_base, off, t->var[s],
		  op == IR_ATOMIC_CMPXCHG ? t->var[e] : -1, size);
	if (!t->alive)
		return;
	memcpy(t->map + off, &new, size);
	if (result)
		t->value[d] = old;
}

static void gen_call(struct twin *t)
{
	int helper = 1 + pick(100), n = helper % 6, d = pick(t->nvars + 1) - 1, args[5];
	uint64_t values[5];

	for (int k = 0; k < n; k++) {
		int a = pick(t->nvars);

		args[k] = t->var[a];
		values[k] = t->value[a];
	}
	ir_call(t->ir, d < 0 ? -1 : t->var[d], helper, n, args);
	if (d >= 0)
		assign(t, d, helper_result(helper, values, n));
}

static void gen_block(struct twin *t);

static bool gen_branch(struct twin *t, int label)
{
	enum ir_cond cond = pick(IR_SET + 1);
	int a = pick(t->nvars), b = pick(t->nvars);
	int64_t c = pick_constant();

	if (pick(2)) {
		ir_branchi(t->ir, cond, t->var[a], c, label);
		return ref_cond(cond, t->value[a], c);
	}
	ir_branch(t->ir, cond, t->var[a], t->var[b], label);
	return ref_cond(cond, t->value[a], t->value[b]);
}

static void gen_if(struct twin *t)
{
	int other = ir_label(t->ir), end = ir_label(t->ir);
	bool alive = t->alive, taken = gen_branch(t, other);

	t->alive = alive && !taken;
	gen_block(t);
	if (pick(2)) {
		ir_jump(t->ir, end);
		ir_place(t->ir, other);
		t->alive = alive && taken;
		gen_block(t);
	} else {
		ir_place(t->ir, other);
	}
	ir_place(t->ir, end);
	t->alive = alive;
}

/* A loop whose body runs in the twin as often: the same random choices are made each time round. */
static void gen_loop(struct twin *t)
{
	int top = ir_label(t->ir), counter = ir_reg(t->ir), rounds = 1 + pick(4);
	struct ir *ir = t->ir;
	uint64_t at = seed;
	int budget = t->budget > 12 ? 12 : t->budget, rest = t->budget - budget;

	ir_const(ir, counter, 0);
	ir_place(ir, top);
	t->budget = budget;
	gen_block(t);
	ir_alui(ir, IR_ADD, counter, counter, 1);
	ir_branchi(ir, IR_SLT, counter, rounds, top);
	for (int k = 1; k < rounds; k++) {
		struct arena *a = arena_new(); /* the repeated body is only evaluated */
		struct ir *waste = ir_new(a);
		int saved[MAX_VARS], slot[SLOTS], base = t->map_base;

		memcpy(saved, t->var, sizeof(saved));
		memcpy(slot, t->slot, sizeof(slot));
		for (int v = 0; v < t->nvars; v++)
			t->var[v] = ir_reg(waste);
		for (int s = 0; s < SLOTS; s++)
			t->slot[s] = ir_stack(waste, 16);
		t->map_base = ir_reg(waste);
		t->ir = waste;
		seed = at;
		t->budget = budget;
		gen_block(t);
		t->ir = ir;
		t->map_base = base;
		memcpy(t->var, saved, sizeof(saved));
		memcpy(t->slot, slot, sizeof(slot));
		arena_free(a);
	}
	t->budget = rest;
}

static void gen_block(struct twin *t)
{
	t->depth++;
	for (int n = 1 + pick(8); n > 0 && t->budget > 0; n--) {
		unsigned k = pick(20);

		t->budget--;
		if (k < 9)
			gen_arithmetic(t);
		else if (k < 13)
			gen_memory(t);
		else if (k < 14)
			gen_atomic(t);
		else if (k < 16)
			gen_call(t);
		else if (t->depth < 5 && k < 19)
			gen_if(t);
		else if (t->depth < 4)
			gen_loop(t);
	}
	t->depth--;
}

static void start(struct twin *t, struct ir *ir, int nvars, const uint8_t *ctx)
{
	int c = ir_reg(ir);

	memset(t, 0, sizeof(*t));
	t->ir = ir;
	t->nvars = nvars;
	t->alive = true;
	ir_ctx(ir, c);
	t->map_base = ir_reg(ir);
	ir_map_value(ir, t->map_base, 7, 0);
	for (int v = 0; v < nvars; v++) {
		t->var[v] = ir_reg(ir);
		ir_load(ir, t->var[v], c, 8 * v, 8);
		memcpy(&t->value[v], ctx + 8 * v, 8);
	}
	for (int s = 0; s < SLOTS; s++) {
		t->slot[s] = ir_stack(ir, 16);
		ir_stack_storei(ir, t->slot[s], 0, 0, 8);
		ir_stack_storei(ir, t->slot[s], 8, 0, 8);
	}
}

static void finish_twin(struct twin *t)
{
	int c = ir_reg(t->ir);

	ir_ctx(t->ir, c);
	for (int v = 0; v < t->nvars; v++)
		ir_store(t->ir, c, 8 * v, t->var[v], 8);
	for (int s = 0; s < SLOTS; s++)
		for (int half = 0; half < 2; half++) {
			int r = ir_reg(t->ir);

			ir_stack_load(t->ir, r, t->slot[s], 8 * half, 8);
			ir_store(t->ir, c, 8 * (MAX_VARS + 2 * s + half), r, 8);
		}
	ir_ret(t->ir, 1);
}

static const char *no_name(void *arg, int map)
{
	(void)arg;
	(void)map;
	return NULL;
}

static void one_random(uint64_t number, int nvars, int size)
{
	struct arena *a = arena_new();
	struct ir *ir = ir_new(a);
	uint8_t ctx[CTX_BYTES];
	struct machine m = { .ctx = ctx };
	struct ir_code code;
	const char *why = NULL;
	struct twin t;
	bool bad;

	seed = number * 7919 + 13;
	for (int i = 0; i < CTX_BYTES; i += 8) {
		uint64_t v = pick(3) ? (uint64_t)pick_constant() : mix(seed);

		memcpy(ctx + i, &v, 8);
	}
	start(&t, ir, nvars, ctx);
	t.budget = size;
	while (t.budget > 0)
		gen_block(&t);
	finish_twin(&t);
	if (ir_finish(ir, &code, &why))
		fail_msg("program %lu: %s", (unsigned long)number, why);
	run(&m, &code);
	bad = m.wrong || memcmp(ctx, t.value, 8 * nvars) || memcmp(ctx + 8 * MAX_VARS, t.bytes, sizeof(t.bytes)) ||
	      memcmp(m.map, t.map, MAP_BYTES);
	if (bad && getenv("IR_TEST_LIST"))
		ir_list(&code, no_name, NULL, stderr);
	if (bad)
		fail_msg("program %lu (%d variables): %s", (unsigned long)number, nvars,
			 m.wrong ? m.wrong : "wrong result");
	arena_free(a);
}

static void test_random(void **state)
{
	(void)state;
	for (int n = 0; n < 1500; n++)
		one_random(n, 2 + n % 7, 10 + n % 60);
}

static void test_random_pressure(void **state)
{
	(void)state;
	for (int n = 0; n < 500; n++)
		one_random(100000 + n, 12 + n % 20, 40 + n % 100);
}


/* -- shapes of the code --------------------------------------------------- */

struct bench {
	struct arena *arena;
	struct ir *ir;
	struct ir_code code;
	const char *why;
	char *text;
	size_t length;
};

static void open_bench(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->arena = arena_new();
	b->ir = ir_new(b->arena);
}

static const char *map_name(void *arg, int map)
{
	const char *const *names = arg;

	return names[map];
}

static void expect_listing(struct bench *b, const char *expected)
{
	const char *names[] = { "flows", "config" };
	FILE *out;

	assert_int_equal(ir_finish(b->ir, &b->code, &b->why), 0);
	out = open_memstream(&b->text, &b->length);
	ir_list(&b->code, map_name, names, out);
	fclose(out);
	assert_string_equal(b->text, expected);
}

static void close_bench(struct bench *b)
{
	free(b->text);
	arena_free(b->arena);
}

/* Arguments are made where they are passed; the result of a call is tested in r0. */
static void test_lookup(void **state)
{
	struct bench b;
	int ctx, key, map, value, place, one, zero, miss, end, k, fresh;

	(void)state;
	open_bench(&b);
	ctx = ir_reg(b.ir), key = ir_reg(b.ir), map = ir_reg(b.ir), value = ir_reg(b.ir);
	place = ir_reg(b.ir), one = ir_reg(b.ir), zero = ir_reg(b.ir), fresh = ir_reg(b.ir);
	miss = ir_label(b.ir), end = ir_label(b.ir), k = ir_stack(b.ir, 8);
	ir_comment(b.ir, "@[args[%d]] =", 0);
	ir_comment(b.ir, "count()");
	ir_ctx(b.ir, ctx);
	ir_load(b.ir, key, ctx, 8, 8);
	ir_stack_store(b.ir, k, 0, key, 8);
	ir_map(b.ir, map, 0);
	ir_stack_addr(b.ir, place, k, 0);
	IR_CALL(b.ir, value, BPF_FUNC_map_lookup_elem, map, place);
	ir_branchi(b.ir, IR_EQ, value, 0, miss);
	ir_const(b.ir, one, 1);
	ir_atomic(b.ir, IR_ATOMIC_ADD, -1, value, 0, one, -1, 8);
	ir_jump(b.ir, end);
	ir_place(b.ir, miss);
	ir_const(b.ir, zero, 0);
	ir_map_value(b.ir, fresh, 1, 24);
	IR_CALL(b.ir, -1, BPF_FUNC_map_update_elem, map, place, fresh, zero);
	ir_place(b.ir, end);
	ir_ret(b.ir, 0);
	expect_listing(&b, "; @[args[0]] =\n"
			   "; count()\n"
			   "    0: (79) r5 = *(u64 *)(r1 +8)\n"
			   "    1: (7b) *(u64 *)(r10 -8) = r5\n"
			   "    2: (18) r1 = map[flows]\n"
			   "    4: (bf) r2 = r10\n"
			   "    5: (07) r2 += -8\n"
			   "    6: (85) call bpf_map_lookup_elem#1\n"
			   "    7: (15) if r0 == 0 goto L1\n"
			   "    8: (b7) r5 = 1\n"
			   "    9: (db) lock *(u64 *)(r0 +0) += r5\n"
			   "   10: (05) goto L2\n"
			   "L1:\n"
			   "   11: (18) r1 = map[flows]\n"
			   "   13: (bf) r2 = r10\n"
			   "   14: (07) r2 += -8\n"
			   "   15: (18) r3 = map[config] value +24\n"
			   "   17: (b7) r4 = 0\n"
			   "   18: (85) call bpf_map_update_elem#2\n"
			   "L2:\n"
			   "   19: (b7) r0 = 0\n"
			   "   20: (95) exit\n");
	assert_int_equal(b.code.stack_used, 8);
	assert_int_equal(b.code.nuses, 3);
	assert_int_equal(b.code.uses[2].insn, 15);
	assert_int_equal(b.code.uses[2].map, 1);
	assert_int_equal(b.code.insns[2].src_reg, BPF_PSEUDO_MAP_FD);
	assert_int_equal(b.code.insns[15].src_reg, BPF_PSEUDO_MAP_VALUE);
	close_bench(&b);
}

/* The 0 and 1 of a condition vanish; extensions of what a load extended vanish; the context outlives the call. */
static void test_condition(void **state)
{
	struct bench b;
	int ctx, port, len, truth, limit, again, end, next;

	(void)state;
	open_bench(&b);
	ctx = ir_reg(b.ir), port = ir_reg(b.ir), len = ir_reg(b.ir), truth = ir_reg(b.ir);
	limit = ir_reg(b.ir), again = ir_reg(b.ir), end = ir_label(b.ir), next = ir_label(b.ir);
	ir_ctx(b.ir, ctx);
	ir_load(b.ir, port, ctx, 2, 2);
	ir_swap(b.ir, port, port, 2);
	ir_extend(b.ir, port, port, 2, false);
	ir_load(b.ir, len, ctx, 4, 4);
	ir_const(b.ir, truth, 0);
	ir_const(b.ir, limit, 80);
	ir_branch(b.ir, IR_NE, port, limit, end);
	ir_branchi(b.ir, IR_SLE, len, 1500, end);
	ir_const(b.ir, truth, 1);
	ir_place(b.ir, end);
	ir_branchi(b.ir, IR_EQ, truth, 0, next);
	IR_CALL(b.ir, -1, BPF_FUNC_map_delete_elem, len, len);
	ir_ctx(b.ir, again);
	ir_load(b.ir, len, again, 8, 8);
	ir_store(b.ir, again, 16, len, 8);
	ir_place(b.ir, next);
	ir_ret(b.ir, 0);
	expect_listing(&b, "    0: (bf) r6 = r1\n"
			   "    1: (69) r5 = *(u16 *)(r6 +2)\n"
			   "    2: (dc) r5 = be16 r5\n"
			   "    3: (61) r2 = *(u32 *)(r6 +4)\n"
			   "    4: (55) if r5 != 80 goto L1\n"
			   "    5: (d5) if r2 s<= 1500 goto L1\n"
			   "    6: (bf) r1 = r2\n"
			   "    7: (85) call bpf_map_delete_elem#3\n"
			   "    8: (79) r2 = *(u64 *)(r6 +8)\n"
			   "    9: (7b) *(u64 *)(r6 +16) = r2\n"
			   "L1:\n"
			   "   10: (b7) r0 = 0\n"
			   "   11: (95) exit\n");
	close_bench(&b);
}

static void test_dead_code(void **state)
{
	struct bench b;
	int ctx, x, y, top, never;

	(void)state;
	open_bench(&b);
	ctx = ir_reg(b.ir), x = ir_reg(b.ir), y = ir_reg(b.ir), top = ir_label(b.ir), never = ir_label(b.ir);
	ir_ctx(b.ir, ctx);
	ir_load(b.ir, x, ctx, 0, 8);
	ir_const(b.ir, y, 0);
	ir_place(b.ir, top);
	ir_alui(b.ir, IR_ADD, y, y, 3); /* feeds only itself */
	ir_alui(b.ir, IR_SUB, x, x, 1);
	ir_branchi(b.ir, IR_NE, x, 0, top);
	ir_const(b.ir, x, 6);
	ir_alui(b.ir, IR_MUL, x, x, 7);
	ir_branchi(b.ir, IR_NE, x, 42, never);
	ir_ret(b.ir, 1);
	ir_place(b.ir, never);
	ir_store(b.ir, ctx, 0, y, 8);
	expect_listing(&b, "    0: (79) r5 = *(u64 *)(r1 +0)\n"
			   "L1:\n"
			   "    1: (17) r5 -= 1\n"
			   "    2: (55) if r5 != 0 goto L1\n"
			   "    3: (b7) r0 = 1\n"
			   "    4: (95) exit\n");
	close_bench(&b);
}

/* -- limits and misuse ---------------------------------------------------- */

static void test_stack_sharing(void **state)
{
	struct bench b;
	int r, one, two, top;

	(void)state;
	for (int in_loop = 0; in_loop < 2; in_loop++) {
		open_bench(&b);
		r = ir_reg(b.ir), one = ir_stack(b.ir, 200), two = ir_stack(b.ir, 200), top = ir_label(b.ir);
		if (in_loop)
			ir_place(b.ir, top);
		for (int obj = one; obj <= two; obj++) {
			ir_stack_addr(b.ir, r, obj, 0);
			IR_CALL(b.ir, r, BPF_FUNC_get_current_comm, r);
			ir_stack_load(b.ir, r, obj, 8, 8);
		}
		if (in_loop)
			ir_branchi(b.ir, IR_NE, r, 0, top);
		ir_ret(b.ir, 0);
		assert_int_equal(ir_finish(b.ir, &b.code, &b.why), 0);
		assert_int_equal(b.code.stack_used, in_loop ? 400 : 200);
		close_bench(&b);
	}
}

static void test_stack_overflow(void **state)
{
	struct bench b;
	int r;

	(void)state;
	open_bench(&b);
	r = ir_reg(b.ir);
	ir_stack_addr(b.ir, r, ir_stack(b.ir, 520), 0);
	IR_CALL(b.ir, -1, BPF_FUNC_get_current_comm, r);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -E2BIG);
	assert_non_null(strstr(b.why, "520 bytes of objects"));
	close_bench(&b);
}

static void test_misuse(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	ir_jump(b.ir, ir_label(b.ir));
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	assert_non_null(strstr(b.why, "never placed"));
	close_bench(&b);
	open_bench(&b);
	ir_mov(b.ir, ir_reg(b.ir), 12345);
	ir_stack_load(b.ir, 5, 9, 0, 8);
	ir_place(b.ir, 77);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	assert_non_null(strstr(b.why, "register"));
	close_bench(&b);
	open_bench(&b);
	ir_call_support(b.ir, -1, -1, 0, NULL);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	close_bench(&b);
	open_bench(&b); /* nothing at all is a program that returns 0 */
	expect_listing(&b, "    0: (b7) r0 = 0\n    1: (95) exit\n");
	close_bench(&b);
}

/* A register that one path leaves unset reads as 0. */
static void test_unset(void **state)
{
	struct bench b;
	uint8_t ctx[CTX_BYTES] = { 1 };
	struct machine m = { .ctx = ctx };
	int c, x, y, skip;
	uint64_t stored;

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir), y = ir_reg(b.ir), skip = ir_label(b.ir);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	ir_branchi(b.ir, IR_EQ, x, 1, skip);
	ir_load(b.ir, y, c, 16, 8);
	ir_place(b.ir, skip);
	ir_alui(b.ir, IR_ADD, y, y, 5);
	ir_store(b.ir, c, 8, y, 8);
	ir_ret(b.ir, 3);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), 0);
	assert_int_equal(run(&m, &b.code), 3);
	assert_null(m.wrong);
	memcpy(&stored, ctx + 8, 8);
	assert_int_equal(stored, 5);
	close_bench(&b);
}

#define BLOCKS 40000

/* A program several times as long as a jump reaches, with jumps over all of it in both directions. */
static void run_long(uint64_t leave_at)
{
	struct bench b;
	uint8_t ctx[CTX_BYTES] = { 0 };
	struct machine m = { .ctx = ctx };
	int c, x, rounds, top, out;
	uint64_t ref = 12345, got;

	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir), rounds = ir_reg(b.ir), top = ir_label(b.ir), out = ir_label(b.ir);
	memcpy(ctx, &ref, 8);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	ir_load(b.ir, rounds, c, 16, 8);
	ir_place(b.ir, top);
	for (uint64_t i = 0; i < BLOCKS; i++) {
		ir_alui(b.ir, IR_MUL, x, x, 1000003);
		ir_alui(b.ir, IR_XOR, x, x, i);
		if (i % 50 == 0)
			ir_branchi(b.ir, IR_EQ, x, i == leave_at ? (int64_t)(ref * 1000003 ^ i) : 77, out);
		ref = ref * 1000003 ^ i;
		if (i == leave_at)
			break;
	}
	/* the rest of the code, not run when it is left before */
	for (uint64_t i = leave_at + 1; i < BLOCKS; i++) {
		ir_alui(b.ir, IR_MUL, x, x, 1000003);
		ir_alui(b.ir, IR_XOR, x, x, i);
	}
	ir_alui(b.ir, IR_ADD, rounds, rounds, 1);
	ir_branchi(b.ir, IR_ULT, rounds, 3, top);
	ir_place(b.ir, out);
	ir_store(b.ir, c, 8, x, 8);
	ir_ret(b.ir, 0);
	if (leave_at >= BLOCKS)
		for (int again = 0; again < 2; again++)
			for (uint64_t i = 0; i < BLOCKS; i++)
				ref = ref * 1000003 ^ i;
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), 0);
	assert_true(b.code.ninsns > 2 * INT16_MAX);
	run(&m, &b.code);
	assert_null(m.wrong);
	memcpy(&got, ctx + 8, 8);
	assert_true(got == ref);
	close_bench(&b);
}

static void test_long_jumps(void **state)
{
	(void)state;
	run_long(BLOCKS);
	run_long(100);
}

/* Time grows with the program, not with its square: a program of 300,000 operations takes a moment. */
static void test_large(void **state)
{
	struct bench b;
	struct timespec from, to;
	int c, v[40];

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir);
	ir_ctx(b.ir, c);
	seed = 5;
	for (int i = 0; i < 40; i++) {
		v[i] = ir_reg(b.ir);
		ir_load(b.ir, v[i], c, 8 * i, 8);
	}
	for (int i = 0; i < 50000; i++) {
		int skip = ir_label(b.ir), t = ir_reg(b.ir);

		ir_alu(b.ir, IR_ADD, t, v[pick(40)], v[pick(40)]);
		ir_branchi(b.ir, IR_EQ, t, i, skip);
		ir_alu(b.ir, IR_XOR, v[pick(40)], t, v[pick(40)]);
		if (i % 8 == 0)
			IR_CALL(b.ir, v[pick(40)], BPF_FUNC_get_prandom_u32, t);
		ir_store(b.ir, c, 8 * (i % 64), t, 8);
		ir_place(b.ir, skip);
	}
	for (int i = 0; i < 40; i++)
		ir_store(b.ir, c, 8 * i, v[i], 8);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), 0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	assert_true(b.code.ninsns > 200000);
	assert_true(to.tv_sec - from.tv_sec < 20); /* sanitizers and slow machines included */
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),	      cmocka_unit_test(test_condition),
		cmocka_unit_test(test_dead_code),     cmocka_unit_test(test_stack_sharing),
		cmocka_unit_test(test_stack_overflow), cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_unset),	      cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_pressure), cmocka_unit_test(test_long_jumps),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
