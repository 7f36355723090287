/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end on random programs: each is built as IR and evaluated directly
 * at the same time, and what the encoded instructions leave behind must agree.
 * IR_TEST_LIST=1 in the environment lists a program that fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ir/ir.h"
#include "ir_machine.h"

static int64_t pick_constant(void)
{
	static const int64_t likely[] = {0,
					 1,
					 -1,
					 2,
					 8,
					 63,
					 64,
					 255,
					 4096,
					 INT32_MAX,
					 INT32_MIN,
					 0xffffffffll,
					 0x80000000ll,
					 INT64_MIN,
					 INT64_MAX,
					 0x123456789abcdefll,
					 -7,
					 10};

	return likely[pick(sizeof(likely) / sizeof(*likely))];
}

#define MAX_VARS 40
#define SLOTS 4 /* stack objects of 16 bytes */
#define FAR 150000

/* Builds IR and, if the flag is on, keeps the values the variables must have: only one path is
 * alive. */
struct twin {
	struct ir *ir;
	int nvars;
	int var[MAX_VARS];
	uint64_t value[MAX_VARS];
	int slot[SLOTS];
	uint8_t bytes[SLOTS][16];
	int map_base;
	int far_base; /* map_base less FAR: accesses need offsets that no instruction holds */
	uint8_t map[MAP_BYTES];
	int depth, budget;
	bool alive;
};

static uint64_t ref_alu(enum ir_op op, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (op) {
	case IR_ADD:
		return a + b;
	case IR_SUB:
		return a - b;
	case IR_MUL:
		return a * b;
	case IR_UDIV:
		return b ? a / b : 0;
	case IR_UMOD:
		return b ? a % b : a;
	case IR_SDIV:
		return !b ? 0 : sb == -1 ? -a : (uint64_t)(sa / sb);
	case IR_SMOD:
		return !b ? a : sb == -1 ? 0 : (uint64_t)(sa % sb);
	case IR_AND:
		return a & b;
	case IR_OR:
		return a | b;
	case IR_XOR:
		return a ^ b;
	case IR_SHL:
		return a << (b & 63);
	case IR_SHR:
		return a >> (b & 63);
	case IR_SAR:
		return (uint64_t)(sa >> (b & 63));
	}
	abort();
}

static bool ref_cond(enum ir_cond cond, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (cond) {
	case IR_EQ:
		return a == b;
	case IR_NE:
		return a != b;
	case IR_ULT:
		return a < b;
	case IR_ULE:
		return a <= b;
	case IR_UGT:
		return a > b;
	case IR_UGE:
		return a >= b;
	case IR_SLT:
		return sa < sb;
	case IR_SLE:
		return sa <= sb;
	case IR_SGT:
		return sa > sb;
	case IR_SGE:
		return sa >= sb;
	case IR_SET:
		return (a & b) != 0;
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
	unsigned sizes[] = {1, 2, 4, 8}, size = sizes[pick(4)];
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
			assign(t, d,
			       size == 2   ? __builtin_bswap16(x)
			       : size == 4 ? __builtin_bswap32(x)
					   : __builtin_bswap64(x));
			break;
		}
		/* fall through */
	case 7: {
		bool sign = pick(2);
		unsigned shift = 64 - 8 * size;

		ir_extend(t->ir, t->var[d], t->var[a], size, sign);
		assign(t, d,
		       sign ? (uint64_t)((int64_t)(x << shift) >> shift) : x << shift >> shift);
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
	unsigned sizes[] = {1, 2, 4, 8}, size = sizes[pick(4)];
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
		if (pick(2)) {
			p = t->far_base;
			off += FAR;
		}
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
	bool result = op != IR_ATOMIC_ADD && op != IR_ATOMIC_OR, far = pick(2);
	uint64_t old = 0, new, expected = size == 4 ? (uint32_t)t->value[e] : t->value[e];

	memcpy(&old, t->map + off, size);
	new = op == IR_ATOMIC_XCHG ? t->value[s]
	      : op == IR_ATOMIC_OR ? old | t->value[s]
				   : old + t->value[s];
	if (op == IR_ATOMIC_CMPXCHG)
		new = old == expected ? t->value[s] : old;
	ir_atomic(t->ir, op, result ? t->var[d] : -1, far ? t->far_base : t->map_base,
		  far ? off + FAR : off, t->var[s], op == IR_ATOMIC_CMPXCHG ? t->var[e] : -1, size);
	if (!t->alive)
		return;
	memcpy(t->map + off, &new, size);
	if (result)
		t->value[d] = old;
}

static void gen_call(struct twin *t)
{
	int helper = FIRST_HELPER + pick(HELPERS), n = helper % 6, d = pick(t->nvars + 1) - 1,
	    args[5];
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
		int saved[MAX_VARS], slot[SLOTS], base = t->map_base, far = t->far_base;

		memcpy(saved, t->var, sizeof(saved));
		memcpy(slot, t->slot, sizeof(slot));
		for (int v = 0; v < t->nvars; v++)
			t->var[v] = ir_reg(waste);
		for (int s = 0; s < SLOTS; s++)
			t->slot[s] = ir_stack(waste, 16);
		t->map_base = ir_reg(waste);
		t->far_base = ir_reg(waste);
		t->ir = waste;
		seed = at;
		t->budget = budget;
		gen_block(t);
		t->ir = ir;
		t->map_base = base;
		t->far_base = far;
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
	t->far_base = ir_reg(ir);
	ir_alui(ir, IR_SUB, t->far_base, t->map_base, FAR);
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
	struct trial m = {.ctx = ctx};
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
	bad = m.wrong || memcmp(ctx, t.value, 8 * nvars) ||
	      memcmp(ctx + 8 * MAX_VARS, t.bytes, sizeof(t.bytes)) ||
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_pressure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
