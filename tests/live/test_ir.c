/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What only the kernel can say of the back end's code: that its verifier takes
 * it, and that it runs as meant.  Programs are built as IR, loaded and run once
 * (BPF_PROG_TEST_RUN) with a context of the test's own.
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
#include <unistd.h>

#include <bpf/bpf.h>

#include "ir/ir.h"

#define MAX_MAPS 8
#define LOG_SIZE (16u << 20)

/* One map for each number that the IR uses, and the programs made of it. */
struct bench {
	struct arena *arena;
	struct ir *ir;
	struct ir_code code;
	int maps[MAX_MAPS];
};

static void open_bench(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	b->arena = arena_new();
	for (int i = 0; i < MAX_MAPS; i++)
		b->maps[i] = -1;
}

static void close_bench(struct bench *b)
{
	for (int i = 0; i < MAX_MAPS; i++)
		if (b->maps[i] >= 0)
			close(b->maps[i]);
	arena_free(b->arena);
}

static void make_map(struct bench *b, int map, enum bpf_map_type type, uint32_t value_size,
		     uint32_t entries)
{
	b->maps[map] = bpf_map_create(type, "test_ir", 4, value_size, entries, NULL);
	assert_true(b->maps[map] >= 0);
}

static int load_as(struct bench *b, enum bpf_prog_type type)
{
	char *log = malloc(LOG_SIZE);
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .log_buf = log, .log_size = LOG_SIZE);
	size_t n;
	int fd;

	log[0] = '\0';
	for (uint32_t i = 0; i < b->code.nuses; i++)
		b->code.insns[b->code.uses[i].insn].imm = b->maps[b->code.uses[i].map];
	fd = bpf_prog_load(type, "test_ir", "Dual BSD/GPL", b->code.insns, b->code.ninsns, &opts);
	n = strlen(log);
	if (fd < 0)
		print_message("%s: ... %s\n", strerror(errno), n > 2000 ? log + n - 2000 : log);
	free(log);
	assert_true(fd >= 0);
	return fd;
}

/* Ends the program under construction. */
static void finish(struct bench *b)
{
	const char *why = NULL;

	if (ir_finish(b->ir, &b->code, &why))
		fail_msg("ir_finish: %s", why);
}

/* A raw tracepoint program whose context is words. */
static void run_raw(int fd, uint64_t *words, size_t n)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = words, .ctx_size_in = n * sizeof(*words));

	assert_int_equal(bpf_prog_test_run_opts(fd, &opts), 0);
}

static uint64_t word_of(int map, size_t value_size, size_t off)
{
	char *value = calloc(1, value_size);
	uint32_t key = 0;
	uint64_t word;

	assert_int_equal(bpf_map_lookup_elem(map, &key, value), 0);
	memcpy(&word, value + off, sizeof(word));
	free(value);
	return word;
}

/* -- long jumps ------------------------------------------------------------ */

#define FLOORS 40
#define STEPS 1000 /* pairs of operations on each floor */

/*
 * The floors lie about in another order than they are climbed in, so that a jump
 * leads from each to the next, up or down; ways out on each floor let the
 * verifier see that it was there before.
 */
static void build_tower(struct ir *ir)
{
	int c = ir_reg(ir), x = ir_reg(ir), at = ir_reg(ir), v = ir_reg(ir), out = ir_label(ir);
	int floor[FLOORS + 1];

	ir_ctx(ir, c);
	ir_load(ir, at, c, 0, 8);
	ir_load(ir, x, c, 8, 8);
	for (int f = 0; f < FLOORS; f++) {
		floor[f] = ir_label(ir);
		ir_branchi(ir, IR_EQ, at, f, floor[f]);
	}
	floor[FLOORS] = out;
	ir_jump(ir, out);
	for (int place = 0; place < FLOORS; place++) {
		int f = place * 7 % FLOORS;

		ir_place(ir, floor[f]);
		for (int k = 0; k < STEPS; k++) {
			ir_alui(ir, IR_MUL, x, x, 1000003);
			ir_alui(ir, IR_XOR, x, x, f + k);
			if (k % 400 == 0)
				ir_branchi(ir, IR_EQ, x, k, out);
		}
		ir_jump(ir, floor[f + 1]);
	}
	ir_place(ir, out);
	ir_map_value(ir, v, 0, 0);
	ir_store(ir, v, 0, x, 8);
}

/* (x never happens to be what leads out) */
static uint64_t climb(uint64_t from, uint64_t x)
{
	for (uint64_t f = from; f < FLOORS; f++)
		for (uint64_t k = 0; k < STEPS; k++)
			x = x * 1000003 ^ (f + k);
	return x;
}

static void jumps_further_than_an_instruction_reaches(void **state)
{
	struct bench b;
	int fd;

	(void)state;
	open_bench(&b);
	b.ir = ir_new(b.arena);
	build_tower(b.ir);
	finish(&b);
	assert_true(b.code.ninsns > 2 * INT16_MAX);
	make_map(&b, 0, BPF_MAP_TYPE_ARRAY, 8, 1);
	fd = load_as(&b, BPF_PROG_TYPE_RAW_TRACEPOINT);
	for (uint64_t from = 0; from < FLOORS; from += 3) {
		uint64_t words[] = {from, from + 5};

		run_raw(fd, words, 2);
		assert_true(word_of(b.maps[0], 8, 0) == climb(from, from + 5));
	}
	close(fd);
	close_bench(&b);
}

/* -- large values ----------------------------------------------------------- */

#define LARGE (200u << 10)
#define FAR 150000

/* Every kind of access far inside a value, from the address of a lookup and from the value's own.
 */
static void accesses_far_inside_a_value(void **state)
{
	struct bench b;
	uint64_t words[] = {0x1122334455667788};
	int c, x, direct, map, key, found, out, k, fd;

	(void)state;
	open_bench(&b);
	b.ir = ir_new(b.arena);
	c = ir_reg(b.ir), x = ir_reg(b.ir), direct = ir_reg(b.ir), map = ir_reg(b.ir);
	key = ir_reg(b.ir), found = ir_reg(b.ir), out = ir_label(b.ir), k = ir_stack(b.ir, 4);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	ir_map_value(b.ir, direct, 0, 0);
	ir_store(b.ir, direct, FAR, x, 8);
	ir_storei(b.ir, direct, FAR + 8, 5, 8);
	ir_stack_storei(b.ir, k, 0, 0, 4);
	ir_map(b.ir, map, 0);
	ir_stack_addr(b.ir, key, k, 0);
	IR_CALL(b.ir, found, BPF_FUNC_map_lookup_elem, map, key);
	ir_branchi(b.ir, IR_EQ, found, 0, out);
	ir_load(b.ir, x, found, FAR + 2, 2);
	ir_atomic(b.ir, IR_ATOMIC_ADD, -1, found, FAR + 8, x, -1, 8);
	ir_atomic(b.ir, IR_ATOMIC_XCHG, x, found, FAR, x, -1, 8);
	ir_store(b.ir, found, LARGE - 8, x, 8);
	ir_place(b.ir, out);
	finish(&b);
	make_map(&b, 0, BPF_MAP_TYPE_ARRAY, LARGE, 1);
	fd = load_as(&b, BPF_PROG_TYPE_RAW_TRACEPOINT);
	run_raw(fd, words, 1);
	assert_true(word_of(b.maps[0], LARGE, FAR) == 0x5566);
	assert_true(word_of(b.maps[0], LARGE, FAR + 8) == 0x5566 + 5);
	assert_true(word_of(b.maps[0], LARGE, LARGE - 8) == words[0]);
	close(fd);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jumps_further_than_an_instruction_reaches),
		cmocka_unit_test(accesses_far_inside_a_value),
	};

	if (geteuid() != 0) {
		printf("test_ir: skipped: only root may load programs\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
