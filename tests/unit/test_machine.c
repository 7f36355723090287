/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The BPF machine: what each instruction gives (the numbers are of the kernel's
 * documentation of the instruction set), what it refuses to do, and its helpers
 * and maps.  tests/live/test_machine.c compares it with the kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "replay/helper.h"
#include "replay/machine.h"

enum { M_ARRAY, M_HASH, M_LRU, M_RING, M_PROGS, M_CPUS, NMAPS };

#define NCPUS 3
#define RING 4096
#define CTX 64

struct bench {
	struct machine *m;
	struct map maps[NMAPS];
	struct rings rings;
	uint64_t *ctx;
	struct ir_code source;
	struct code code;
	char why[128];
	uint64_t result;
};

static void open_bench(struct bench *b)
{
	static const struct map_def defs[] = {
		[M_ARRAY] = {.type = BPF_MAP_TYPE_ARRAY, .value_size = 12, .max_entries = 2},
		[M_HASH] = {.type = BPF_MAP_TYPE_HASH, .value_size = 8, .max_entries = 5},
		[M_LRU] = {.type = BPF_MAP_TYPE_LRU_HASH, .value_size = 8, .max_entries = 5},
		[M_PROGS] = {.type = BPF_MAP_TYPE_PROG_ARRAY, .value_size = 4, .max_entries = 2},
		[M_CPUS] = {.type = BPF_MAP_TYPE_PERCPU_ARRAY, .value_size = 8, .max_entries = 1},
	};

	memset(b, 0, sizeof(*b));
	b->m = calloc(1, sizeof(*b->m));
	assert_int_equal(memory_open(&b->m->memory, 4 << 20), 0);
	memory_write_from_here(&b->m->memory);
	assert_int_equal(machine_stack_open(b->m), 0);
	b->ctx = (uint64_t *)memory_take(&b->m->memory, CTX, 8);
	memory_allow(&b->m->memory, b->ctx, CTX);
	for (int i = 0; i < NMAPS; i++) {
		struct map_def d = defs[i];

		d.key_size = 4;
		if (i != M_RING)
			assert_int_equal(map_open(&b->maps[i], &b->m->memory, &d, NCPUS), 0);
	}
	b->maps[M_RING] = (struct map){.type = BPF_MAP_TYPE_RINGBUF};
	assert_int_equal(ring_set_open(&b->m->rings, &b->m->memory, RING, 1, &b->rings), 0);
	b->m->maps = b->maps;
	b->m->nmaps = NMAPS;
}

static void close_bench(struct bench *b)
{
	code_free(&b->code);
	for (int i = 0; i < NMAPS; i++)
		map_close(&b->maps[i]);
	ring_set_close(&b->m->rings);
	rings_free(&b->rings);
	memory_close(&b->m->memory);
	free(b->m);
}

/* Maps are told by the imm of their ld_imm64. */
static int decode(struct bench *b, const struct bpf_insn *insns, uint32_t n, struct code *code)
{
	static struct ir_map_use uses[16];
	static struct ir_code sources[4];
	static int at;
	struct ir_code *source = &sources[at++ % 4];
	const struct decoding with = {b->maps, NMAPS, helper_find, false};

	*source = (struct ir_code){.insns = (struct bpf_insn *)insns, .ninsns = n, .uses = uses};
	for (uint32_t i = 0; i < n; i++)
		if (insns[i].code == (BPF_LD | BPF_IMM | BPF_DW) && insns[i].src_reg)
			uses[source->nuses++] = (struct ir_map_use){i, insns[i].imm};
	return code_decode(code, source, &with, b->why, sizeof(b->why));
}

static int run_insns(struct bench *b, const struct bpf_insn *insns, uint32_t n)
{
	code_free(&b->code);
	if (decode(b, insns, n, &b->code))
		fail_msg("%s", b->why);
	return machine_run(b->m, &b->code, (uintptr_t)b->ctx, &b->result);
}

/* clang-format off */
#define I(c, d, s, o, i) { .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) }
#define SET(d, i) I(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define COPY(d, s) I(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define ADDI(d, i) I(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define WIDE(d, v) I(BPF_LD | BPF_IMM | BPF_DW, d, 0, 0, (int32_t)(v)), { .imm = (int32_t)((uint64_t)(v) >> 32) }
#define MAP(d, m) I(BPF_LD | BPF_IMM | BPF_DW, d, BPF_PSEUDO_MAP_FD, 0, m), { 0 }
#define VALUE(d, m, o) I(BPF_LD | BPF_IMM | BPF_DW, d, BPF_PSEUDO_MAP_VALUE, 0, m), { .imm = (o) }
#define LOAD(size, d, s, o) I(BPF_LDX | BPF_MEM | size, d, s, o, 0)
#define STORE(size, d, s, o) I(BPF_STX | BPF_MEM | size, d, s, o, 0)
#define STOREI(size, d, o, i) I(BPF_ST | BPF_MEM | size, d, 0, o, i)
#define HELP(f) I(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define EXIT I(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define KEY(d, off, v) STOREI(BPF_W, 10, off, v), COPY(d, 10), ADDI(d, off)
#define RUN(b, ...) run_insns(b, (const struct bpf_insn[]){ __VA_ARGS__ }, \
	sizeof((const struct bpf_insn[]){ __VA_ARGS__ }) / sizeof(struct bpf_insn))

#define MIN64 0x8000000000000000ull
static const struct {
	uint8_t code;
	uint64_t a, b, narrow, wide; /* the result in 32 and in 64 bits */
} arithmetic[] = {
	{ BPF_ADD, 0xffffffff, 1, 0, 0x100000000 },
	{ BPF_ADD, ~0ull, 2, 1, 1 },
	{ BPF_SUB, 1, 2, 0xffffffff, ~0ull },
	{ BPF_SUB, 0x100000000, 1, 0xffffffff, 0xffffffff },
	{ BPF_MUL, 0x10001, 0x10001, 0x20001, 0x100020001 },
	{ BPF_DIV, 7, 2, 3, 3 },
	{ BPF_DIV, 7, 0, 0, 0 },
	{ BPF_DIV, ~0ull, 2, 0x7fffffff, 0x7fffffffffffffff },
	{ BPF_DIV, 0x100000007, 0x100000002, 3, 1 },
	{ BPF_MOD, 7, 4, 3, 3 },
	{ BPF_MOD, 0x500000007, 0, 7, 0x500000007 },
	{ BPF_MOD, ~0ull, 10, 5, 5 },
	{ BPF_OR, 0xf0f0f0f0f0f0f0f0, 0x0f0f0f0f, 0xffffffff, 0xf0f0f0f0ffffffff },
	{ BPF_AND, 0xff00ff00ff00ff00, 0x0ff00ff00ff00ff0, 0x0f000f00, 0x0f000f000f000f00 },
	{ BPF_XOR, ~0ull, 0xff, 0xffffff00, 0xffffffffffffff00 },
	{ BPF_LSH, 1, 31, 0x80000000, 0x80000000 },
	{ BPF_LSH, 3, 33, 6, 0x600000000 },
	{ BPF_RSH, MIN64 | 0x80000000, 4, 0x08000000, 0x0800000008000000 },
	{ BPF_RSH, 0xffffffff00000000, 36, 0, 0x0fffffff },
	{ BPF_ARSH, MIN64 | 0x80000000, 4, 0xf8000000, 0xf800000008000000 },
	{ BPF_ARSH, 0x7000000000000000, 60, 0, 7 },
	{ BPF_MOV, 1, 0xfedcba9876543210, 0x76543210, 0xfedcba9876543210 },
};

static const struct {
	uint8_t code;
	uint64_t a, b;
	bool narrow, wide;
} conditions[] = {
	{ BPF_JEQ, 5, 5, true, true },	      { BPF_JEQ, 0x100000005, 5, true, false },
	{ BPF_JNE, 5, 5, false, false },      { BPF_JNE, 0x100000005, 5, false, true },
	{ BPF_JGT, ~0ull, 1, true, true },    { BPF_JGT, 0x100000000, 1, false, true },
	{ BPF_JGE, 5, 5, true, true },	      { BPF_JGE, 4, 5, false, false },
	{ BPF_JLT, 1, ~0ull, true, true },    { BPF_JLT, 5, 5, false, false },
	{ BPF_JLE, 5, 5, true, true },	      { BPF_JLE, 0x100000000, 1, true, false },
	{ BPF_JSGT, 1, ~0ull, true, true },   { BPF_JSGT, 0x80000000, 1, false, true },
	{ BPF_JSGE, ~0ull, ~0ull, true, true }, { BPF_JSGE, MIN64, 0, true, false },
	{ BPF_JSLT, ~0ull, 0, true, true },   { BPF_JSLT, 0x80000000, 0, true, false },
	{ BPF_JSLE, MIN64, 0, true, true },   { BPF_JSLE, 1, ~0ull, false, false },
	{ BPF_JSET, 6, 2, true, true },	      { BPF_JSET, 0x100000000, MIN64 | 0x100000000, false, true },
	{ BPF_JSET, 6, 9, false, false },
};
/* clang-format on */

static bool fits_imm(uint64_t v)
{
	return (int64_t)v == (int32_t)v;
}

static uint64_t calculate(struct bench *b, uint8_t code, uint64_t x, uint64_t y, bool imm)
{
	assert_int_equal(
		RUN(b, WIDE(0, x), WIDE(1, y),
		    I(code | (imm ? BPF_K : BPF_X), 0, imm ? 0 : 1, 0, imm ? (int32_t)y : 0), EXIT),
		0);
	return b->result;
}

static void test_arithmetic(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (size_t i = 0; i < sizeof(arithmetic) / sizeof(*arithmetic); i++) {
		uint64_t x = arithmetic[i].a, y = arithmetic[i].b;
		uint8_t code = arithmetic[i].code;
		bool shift = code == BPF_LSH || code == BPF_RSH || code == BPF_ARSH;
		bool zero = !y && (code == BPF_DIV || code == BPF_MOD);

		assert_true(calculate(&b, BPF_ALU64 | code, x, y, false) == arithmetic[i].wide);
		assert_true(calculate(&b, BPF_ALU | code, x, y, false) == arithmetic[i].narrow);
		if (!fits_imm(y) || zero)
			continue;
		assert_true(calculate(&b, BPF_ALU64 | code, x, y, true) == arithmetic[i].wide);
		if (!shift || y < 32)
			assert_true(calculate(&b, BPF_ALU | code, x, y, true) ==
				    arithmetic[i].narrow);
	}
	assert_int_equal(RUN(&b, SET(0, 5), I(BPF_ALU64 | BPF_NEG, 0, 0, 0, 0), EXIT), 0);
	assert_true(b.result == (uint64_t)-5);
	assert_int_equal(RUN(&b, SET(0, 5), I(BPF_ALU | BPF_NEG, 0, 0, 0, 0), EXIT), 0);
	assert_true(b.result == 0xfffffffb);
	close_bench(&b);
}

static void test_byte_order(void **state)
{
	static const uint64_t big[] = {0x1032, 0x10325476, 0x1032547698badcfe},
			      little[] = {0x3210, 0x76543210, 0xfedcba9876543210};
	struct bench b;

	(void)state;
	open_bench(&b);
	for (int i = 0; i < 3; i++) {
		RUN(&b, WIDE(0, 0xfedcba9876543210),
		    I(BPF_ALU | BPF_END | BPF_TO_BE, 0, 0, 0, 16 << i), EXIT);
		assert_true(b.result == big[i]);
		RUN(&b, WIDE(0, 0xfedcba9876543210),
		    I(BPF_ALU | BPF_END | BPF_TO_LE, 0, 0, 0, 16 << i), EXIT);
		assert_true(b.result == little[i]);
	}
	close_bench(&b);
}

static bool jumps(struct bench *b, uint8_t code, uint64_t x, uint64_t y, bool imm)
{
	assert_int_equal(
		RUN(b, WIDE(1, x), WIDE(2, y), SET(0, 1),
		    I(code | (imm ? BPF_K : BPF_X), 1, imm ? 0 : 2, 1, imm ? (int32_t)y : 0),
		    SET(0, 0), EXIT),
		0);
	return b->result;
}

static void test_conditions(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
		uint64_t x = conditions[i].a, y = conditions[i].b;
		uint8_t code = conditions[i].code;

		assert_int_equal(jumps(&b, BPF_JMP | code, x, y, false), conditions[i].wide);
		assert_int_equal(jumps(&b, BPF_JMP32 | code, x, y, false), conditions[i].narrow);
		if (!fits_imm(y))
			continue;
		assert_int_equal(jumps(&b, BPF_JMP | code, x, y, true), conditions[i].wide);
		assert_int_equal(jumps(&b, BPF_JMP32 | code, x, y, true), conditions[i].narrow);
	}
	/* back, three times */
	assert_int_equal(
		RUN(&b, SET(0, 0), ADDI(0, 1), I(BPF_JMP | BPF_JLT | BPF_K, 0, 0, -2, 3), EXIT), 0);
	assert_int_equal(b.result, 3);
	close_bench(&b);
}

static void test_memory(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	b.ctx[0] = 0x8877665544332211;
	RUN(&b, LOAD(BPF_B, 0, 1, 7), LOAD(BPF_H, 2, 1, 1), LOAD(BPF_W, 3, 1, 2),
	    STORE(BPF_W, 1, 3, 8), STORE(BPF_H, 1, 2, 12), STORE(BPF_B, 1, 0, 14),
	    STOREI(BPF_DW, 1, 16, -2), STOREI(BPF_H, 1, 24, -1), LOAD(BPF_DW, 0, 1, 0), EXIT);
	assert_true(b.result == 0x8877665544332211);
	assert_true(b.ctx[1] == 0x0088332266554433);
	assert_true(b.ctx[2] == (uint64_t)-2);
	assert_true(b.ctx[3] == 0xffff);
	close_bench(&b);
}

static void test_atomics(void **state)
{
	static const struct {
		int imm;
		uint64_t after, result; /* of 12 and 10; r0 is 12 */
	} rows[] = {
		{BPF_ADD, 22, 10},
		{BPF_OR, 14, 10},
		{BPF_AND, 8, 10},
		{BPF_XOR, 6, 10},
		{BPF_ADD | BPF_FETCH, 22, 12},
		{BPF_OR | BPF_FETCH, 14, 12},
		{BPF_AND | BPF_FETCH, 8, 12},
		{BPF_XOR | BPF_FETCH, 6, 12},
		{BPF_XCHG, 10, 12},
		{BPF_CMPXCHG, 10, 10},
	};
	struct bench b;

	(void)state;
	open_bench(&b);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (int wide = 0; wide < 2; wide++) {
			b.ctx[0] = 0xabcdef0000000000 + 12;
			if (wide)
				b.ctx[0] = 12;
			RUN(&b, SET(0, 12), SET(2, 10),
			    I(BPF_STX | BPF_ATOMIC | (wide ? BPF_DW : BPF_W), 1, 2, 0, rows[i].imm),
			    COPY(0, 2), EXIT);
			assert_true(b.ctx[0] == (wide ? 0 : 0xabcdef0000000000) + rows[i].after);
			assert_true(b.result == rows[i].result);
		}
	b.ctx[0] = 13; /* not what was expected: r0 gets it, memory stays */
	RUN(&b, SET(0, 12), SET(2, 10), I(BPF_STX | BPF_ATOMIC | BPF_DW, 1, 2, 0, BPF_CMPXCHG),
	    EXIT);
	assert_true(b.result == 13 && b.ctx[0] == 13);
	close_bench(&b);
}

/* What stops a program, and at which instruction. */
#define STOPS(b, at, text, ...)                                                                    \
	do {                                                                                       \
		assert_int_equal(RUN(b, __VA_ARGS__), -EFAULT);                                    \
		if (!strstr((b)->m->fault.what, text))                                             \
			fail_msg("\"%s\", wanted \"%s\"", (b)->m->fault.what, text);               \
		assert_int_equal((b)->m->fault.insn, at);                                          \
	} while (0)

/* The callback adds its turn to the word that it is given, and ends when it has made limit turns.
 */
#define LOOPS(turns, flags, limit)                                                                 \
	COPY(6, 1), SET(1, turns), I(BPF_LD | BPF_IMM | BPF_DW, 2, BPF_PSEUDO_FUNC, 0, 5), {0},    \
		COPY(3, 6), SET(4, flags), HELP(BPF_FUNC_loop), EXIT, LOAD(BPF_DW, 3, 2, 0),       \
		I(BPF_ALU64 | BPF_ADD | BPF_X, 3, 1, 0, 0),                                        \
		I(BPF_STX | BPF_MEM | BPF_DW, 2, 3, 0, 0), SET(0, 1),                              \
		I(BPF_JMP | BPF_JGE | BPF_K, 1, 0, 1, (limit)-1), SET(0, 0), EXIT

static void test_loop(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	RUN(&b, LOOPS(5, 0, 100));
	assert_int_equal(b.result, 5);
	assert_int_equal(b.ctx[0], 0 + 1 + 2 + 3 + 4);
	RUN(&b, LOOPS(5, 0, 2));
	assert_int_equal(b.result, 2);
	assert_int_equal(b.ctx[0], 10 + 0 + 1);
	RUN(&b, LOOPS(0, 0, 2));
	assert_int_equal(b.result, 0);
	RUN(&b, LOOPS(5, 1, 2));
	assert_int_equal((int)b.result, -EINVAL);
	RUN(&b, LOOPS((1 << 23) + 1, 0, 2));
	assert_int_equal((int)b.result, -E2BIG);
	assert_int_equal(b.ctx[0], 11);
	STOPS(&b, 4, "gives bpf_loop() what it cannot call", SET(1, 1), SET(2, 8), SET(3, 0),
	      SET(4, 0), HELP(BPF_FUNC_loop), EXIT);
	close_bench(&b);
}

static void test_bounds(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	STOPS(&b, 0, "reads what", LOAD(BPF_DW, 0, 1, CTX - 7), EXIT);
	STOPS(&b, 0, "reads what", LOAD(BPF_B, 0, 1, -1), EXIT);
	STOPS(&b, 0, "writes where", STOREI(BPF_B, 1, CTX, 0), EXIT);
	STOPS(&b, 1, "reads what", SET(2, 0), LOAD(BPF_W, 0, 2, 0), EXIT);
	STOPS(&b, 2, "writes where", WIDE(2, -8ll), STOREI(BPF_DW, 2, 0, 0), EXIT);
	STOPS(&b, 0, "writes where", STOREI(BPF_W, 10, 0, 0), EXIT);
	STOPS(&b, 0, "writes where", STOREI(BPF_W, 10, -514, 0), EXIT);
	assert_int_equal(RUN(&b, STOREI(BPF_DW, 10, -512, 0), SET(0, 0), EXIT), 0);
	/* a value of 12 bytes, and the next one behind it */
	assert_int_equal(RUN(&b, VALUE(1, M_ARRAY, 8), LOAD(BPF_W, 0, 1, 0), EXIT), 0);
	STOPS(&b, 2, "reads what", VALUE(1, M_ARRAY, 8), LOAD(BPF_DW, 0, 1, 0), EXIT);
	STOPS(&b, 2, "writes where", VALUE(1, M_ARRAY, 12), STOREI(BPF_B, 1, 0, 0), EXIT);
	STOPS(&b, 1, "runs off", SET(0, 0));
	STOPS(&b, 0, "does not end", I(BPF_JMP | BPF_JA, 0, 0, -1, 0), EXIT);
	STOPS(&b, 0, "calls too deep", I(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, -1), EXIT);
	close_bench(&b);
}

static void test_read_only(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	memory_write_from_here(&b.m->memory); /* all so far */
	assert_int_equal(RUN(&b, LOAD(BPF_DW, 0, 1, 0), EXIT), 0);
	STOPS(&b, 0, "writes where", STOREI(BPF_DW, 1, 0, 1), EXIT);
	close_bench(&b);
}

static void test_refused(void **state)
{
	static const struct bpf_insn helper[] = {HELP(BPF_FUNC_skb_load_bytes), EXIT},
				     far[] = {I(BPF_JMP | BPF_JA, 0, 0, 5, 0), EXIT},
				     half[] = {I(BPF_JMP | BPF_JA, 0, 0, 1, 0), WIDE(0, 1), EXIT},
				     map[] = {MAP(1, NMAPS), EXIT};
	struct bench b;

	(void)state;
	open_bench(&b);
	assert_int_equal(decode(&b, helper, 2, &b.code), -EOPNOTSUPP);
	assert_non_null(strstr(b.why, "helper 26"));
	code_free(&b.code);
	assert_int_equal(decode(&b, far, 2, &b.code), -EOPNOTSUPP);
	code_free(&b.code);
	assert_int_equal(decode(&b, half, 4, &b.code), -EOPNOTSUPP);
	code_free(&b.code);
	assert_int_equal(decode(&b, map, 3, &b.code), -EOPNOTSUPP);
	close_bench(&b);
}

static int64_t update(struct bench *b, int map, int32_t key, uint64_t flags)
{
	assert_int_equal(RUN(b, MAP(1, map), KEY(2, -4, key), STOREI(BPF_DW, 10, -16, key * 10),
			     COPY(3, 10), ADDI(3, -16), SET(4, (int32_t)flags),
			     HELP(BPF_FUNC_map_update_elem), EXIT),
			 0);
	return (int64_t)b->result;
}

static int64_t delete (struct bench *b, int map, int32_t key)
{
	assert_int_equal(RUN(b, MAP(1, map), KEY(2, -4, key), HELP(BPF_FUNC_map_delete_elem), EXIT),
			 0);
	return (int64_t)b->result;
}

/* The value, or -1. */
static int64_t look(struct bench *b, int map, int32_t key)
{
	assert_int_equal(RUN(b, MAP(1, map), KEY(2, -4, key), HELP(BPF_FUNC_map_lookup_elem),
			     COPY(1, 0), SET(0, -1), I(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1, 0),
			     LOAD(BPF_DW, 0, 1, 0), EXIT),
			 0);
	return (int64_t)b->result;
}

static void test_hash(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (int i = 1; i <= 5; i++)
		assert_int_equal(update(&b, M_HASH, i, BPF_NOEXIST), 0);
	assert_int_equal(update(&b, M_HASH, 6, BPF_ANY), -E2BIG);
	assert_int_equal(update(&b, M_HASH, 3, BPF_NOEXIST), -EEXIST);
	assert_int_equal(update(&b, M_HASH, 3, BPF_EXIST), 0);
	assert_int_equal(delete (&b, M_HASH, 2), 0);
	assert_int_equal(delete (&b, M_HASH, 2), -ENOENT);
	assert_int_equal(look(&b, M_HASH, 2), -1);
	assert_int_equal(update(&b, M_HASH, 7, BPF_EXIST), -ENOENT);
	assert_int_equal(update(&b, M_HASH, 6, BPF_ANY), 0);
	for (int i = 1; i <= 6; i++)
		assert_int_equal(look(&b, M_HASH, i), i == 2 ? -1 : 10 * i);
	close_bench(&b);
}

/* Against a plain list of what is in it: adding, removing and finding in any order. */
static void test_hash_random(void **state)
{
	enum { KEYS = 200, MAX = 64 };
	const struct map_def def = {
		.type = BPF_MAP_TYPE_HASH, .key_size = 12, .value_size = 4, .max_entries = MAX};
	struct memory m;
	struct map map;
	bool there[KEYS] = {false};
	int n = 0;

	(void)state;
	assert_int_equal(memory_open(&m, 1 << 20), 0);
	assert_int_equal(map_open(&map, &m, &def, 1), 0);
	srand(1);
	for (int turn = 0; turn < 200000; turn++) {
		uint32_t k = rand() % KEYS, key[3] = {k, k * 7, ~k};
		uint8_t *value = map_lookup(&map, 0, key);

		assert_int_equal(value != NULL, there[k]);
		if (there[k] && memcmp(value, &k, 4))
			fail_msg("another key's value");
		if (there[k] && rand() % 2) {
			assert_int_equal(map_delete(&map, key), 0);
			there[k] = false;
			n--;
		} else if (!there[k]) {
			assert_int_equal(map_update(&map, &m, 0, key, &k, BPF_ANY),
					 n == MAX ? -E2BIG : 0);
			there[k] = n < MAX;
			n += there[k];
		}
	}
	map_close(&map);
	memory_close(&m);
}

static void test_lru(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (int i = 1; i <= 40; i++) {
		assert_int_equal(update(&b, M_LRU, i, BPF_ANY), 0);
		assert_int_equal(look(&b, M_LRU, 1), 10); /* in use all the time */
	}
	assert_int_equal(b.maps[M_LRU].hash.count, 5);
	assert_int_equal(look(&b, M_LRU, 40), 400);
	assert_int_equal(look(&b, M_LRU, 20), -1);
	close_bench(&b);
}

static void test_per_cpu(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (b.m->cpu = 0; b.m->cpu < NCPUS; b.m->cpu++)
		update(&b, M_CPUS, 0, BPF_ANY);
	b.m->cpu = 1;
	RUN(&b, MAP(1, M_CPUS), KEY(2, -4, 0), HELP(BPF_FUNC_map_lookup_elem),
	    STOREI(BPF_DW, 0, 0, 77), HELP(BPF_FUNC_get_smp_processor_id), EXIT);
	assert_int_equal(b.result, 1);
	assert_int_equal(look(&b, M_CPUS, 0), 77);
	b.m->cpu = 2;
	assert_int_equal(look(&b, M_CPUS, 0), 0);
	close_bench(&b);
}

static void test_probe_read(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	b.ctx[0] = 0x636261;
	b.ctx[1] = 5;
	RUN(&b, COPY(3, 1), ADDI(1, 8), SET(2, 8), HELP(BPF_FUNC_probe_read_kernel), EXIT);
	assert_true(b.result == 0 && b.ctx[1] == 0x636261);
	RUN(&b, ADDI(1, 8), SET(2, 8), SET(3, 16), HELP(BPF_FUNC_probe_read_kernel), EXIT);
	assert_true((int64_t)b.result == -EFAULT && b.ctx[1] == 0);
	RUN(&b, COPY(3, 1), ADDI(1, 8), SET(2, 8), HELP(BPF_FUNC_probe_read_kernel_str), EXIT);
	assert_true(b.result == 4 && b.ctx[1] == 0x636261);
	RUN(&b, COPY(3, 1), ADDI(1, 8), SET(2, 2), HELP(BPF_FUNC_probe_read_kernel_str), EXIT);
	assert_true(b.result == 2 && b.ctx[1] == 0x630061);
	STOPS(&b, 2, "memory to write", SET(2, CTX + 1), SET(3, 0),
	      HELP(BPF_FUNC_probe_read_kernel), EXIT);
	STOPS(&b, 3, "what is none", KEY(2, -4, 0), HELP(BPF_FUNC_map_lookup_elem), EXIT);
	close_bench(&b);
}

#define RESERVE(n) MAP(1, M_RING), SET(2, n), SET(3, 0), HELP(BPF_FUNC_ringbuf_reserve)
#define COMMIT(f, flags) COPY(1, 6), SET(2, flags), HELP(f)

static void count_record(void *arg, int cpu, const struct record_head *r)
{
	(void)cpu;
	*(uint64_t *)arg += r->epid;
}

static void test_ring(void **state)
{
	struct control control = {0};
	struct bench b;
	uint64_t sum = 0;
	int fit = 0;

	(void)state;
	open_bench(&b);
	/* 24 bytes with the header: 170 of them, since one byte less than all may be in use */
	do {
		RUN(&b, RESERVE(16), SET(7, 0), I(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 7, 0),
		    COPY(6, 0), STOREI(BPF_DW, 6, 0, 1), STOREI(BPF_DW, 6, 8, 0),
		    COMMIT(BPF_FUNC_ringbuf_submit, BPF_RB_NO_WAKEUP), SET(7, 1), COPY(0, 7), EXIT);
		fit += b.result;
	} while (b.result);
	assert_int_equal(fit, (RING - 1) / 24);
	assert_false(b.m->woken);
	RUN(&b, MAP(1, M_RING), SET(2, BPF_RB_AVAIL_DATA), HELP(BPF_FUNC_ringbuf_query), EXIT);
	assert_int_equal(b.result, fit * 24);
	assert_true(rings_filling(&b.rings));
	assert_false(rings_sleep(&b.rings, &control));
	assert_int_equal(control.wake_at, RING / 2);
	assert_int_equal(rings_consume(&b.rings, UINT64_MAX, count_record, &sum), fit);
	assert_int_equal(sum, fit);
	/* over the edge, thrown away, and waking */
	RUN(&b, RESERVE(200), COPY(6, 0), STOREI(BPF_DW, 6, 192, 1),
	    COMMIT(BPF_FUNC_ringbuf_discard, 0), SET(0, 0), EXIT);
	RUN(&b, RESERVE(16), COPY(6, 0), STOREI(BPF_DW, 6, 0, 9), STOREI(BPF_DW, 6, 8, 0),
	    COMMIT(BPF_FUNC_ringbuf_submit, BPF_RB_FORCE_WAKEUP), SET(0, 0), EXIT);
	assert_true(b.m->woken);
	sum = 0;
	assert_int_equal(rings_consume(&b.rings, UINT64_MAX, count_record, &sum), 1);
	assert_int_equal(sum, 9);
	RUN(&b, MAP(1, M_RING), SET(2, BPF_RB_AVAIL_DATA), HELP(BPF_FUNC_ringbuf_query), EXIT);
	assert_int_equal(b.result, 0);
	assert_true(rings_sleep(&b.rings, &control));
	rings_awake(&control);
	assert_int_equal(control.wake_at, WAKE_NEVER);
	STOPS(&b, 3, "what is no ring", MAP(1, M_ARRAY), SET(2, 0), HELP(BPF_FUNC_ringbuf_query),
	      EXIT);
	close_bench(&b);
}

static void test_ring_misuse(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	STOPS(&b, 6, "writes where", RESERVE(16), COPY(6, 0), STOREI(BPF_B, 6, 16, 0), EXIT);
	STOPS(&b, 6, "reads what", RESERVE(16), COPY(6, 0), LOAD(BPF_W, 0, 6, -8), EXIT);
	STOPS(&b, 9, "reads what", RESERVE(16), COPY(6, 0), COMMIT(BPF_FUNC_ringbuf_submit, 0),
	      LOAD(BPF_W, 0, 6, 0), EXIT);
	STOPS(&b, 11, "no reserved record", RESERVE(16), COPY(6, 0),
	      COMMIT(BPF_FUNC_ringbuf_submit, 0), COMMIT(BPF_FUNC_ringbuf_submit, 0), EXIT);
	STOPS(&b, 9, "no reserved record", RESERVE(16), COPY(6, 0), ADDI(6, 8),
	      COMMIT(BPF_FUNC_ringbuf_submit, 0), EXIT);
	STOPS(&b, 5, "record reserved", RESERVE(16), EXIT);
	assert_int_equal(RUN(&b, RESERVE(RING), EXIT), 0);
	assert_int_equal(b.result, 0);
	close_bench(&b);
}

/* A program of an array goes over to itself as often as the kernel lets it. */
static void test_tail_calls(void **state)
{
	static const struct bpf_insn insns[] = {LOAD(BPF_DW, 2, 1, 0),
						ADDI(2, 1),
						STORE(BPF_DW, 1, 2, 0),
						MAP(2, M_PROGS),
						SET(3, 1),
						HELP(BPF_FUNC_tail_call),
						SET(0, 7),
						EXIT};
	struct code code;
	struct bench b;

	(void)state;
	open_bench(&b);
	assert_int_equal(decode(&b, insns, sizeof(insns) / sizeof(*insns), &code), 0);
	b.maps[M_PROGS].programs[1] = &code;
	assert_int_equal(machine_run(b.m, &code, (uintptr_t)b.ctx, &b.result), 0);
	assert_int_equal(b.ctx[0], 34); /* itself, and 33 more */
	assert_int_equal(b.result, 7);
	code_free(&code);
	close_bench(&b);
}

/* A subprogram has a stack of its own and gives the caller's registers back. */
static void test_subprograms(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	assert_int_equal(RUN(&b, SET(6, 5), STOREI(BPF_DW, 10, -8, 100), COPY(1, 10),
			     I(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 4),
			     LOAD(BPF_DW, 1, 10, -8), I(BPF_ALU64 | BPF_ADD | BPF_X, 0, 6, 0, 0),
			     I(BPF_ALU64 | BPF_ADD | BPF_X, 0, 1, 0, 0), EXIT, SET(6, 77),
			     STOREI(BPF_DW, 10, -8, 1), LOAD(BPF_DW, 0, 1, -8), EXIT),
			 0);
	assert_int_equal(b.result, 205);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loop),	    cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_byte_order),  cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_memory),	    cmocka_unit_test(test_atomics),
		cmocka_unit_test(test_bounds),	    cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_refused),	    cmocka_unit_test(test_hash),
		cmocka_unit_test(test_hash_random), cmocka_unit_test(test_lru),
		cmocka_unit_test(test_per_cpu),	    cmocka_unit_test(test_probe_read),
		cmocka_unit_test(test_ring),	    cmocka_unit_test(test_ring_misuse),
		cmocka_unit_test(test_tail_calls),  cmocka_unit_test(test_subprograms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
