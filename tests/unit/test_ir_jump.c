/* SPDX-License-Identifier: BSD-2-Clause */
/* The back end on programs longer than a jump reaches, run by a small BPF interpreter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir_bench.h"
#include "ir_machine.h"

#define BLOCKS 40000

/* A program several times as long as a jump reaches, with jumps over all of it in both directions.
 */
static void run_long(uint64_t leave_at)
{
	struct bench b;
	uint8_t ctx[CTX_BYTES] = {0};
	struct trial m = {.ctx = ctx};
	int c, x, rounds, top, out;
	uint64_t ref = 12345, got;

	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir), rounds = ir_reg(b.ir), top = ir_label(b.ir),
	out = ir_label(b.ir);
	memcpy(ctx, &ref, 8);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	ir_load(b.ir, rounds, c, 16, 8);
	ir_place(b.ir, top);
	for (uint64_t i = 0; i < BLOCKS; i++) {
		ir_alui(b.ir, IR_MUL, x, x, 1000003);
		ir_alui(b.ir, IR_XOR, x, x, i);
		if (i % 50 == 0)
			ir_branchi(b.ir, IR_EQ, x,
				   i == leave_at ? (int64_t)(ref * 1000003 ^ i) : 77, out);
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

#define STATIONS 60
#define TRACK 700 /* pairs of operations between two stations */
#define STOPS 200

/* Each station changes x, whose sign decides between a jump elsewhere and the track to the next. */
static uint64_t travel(const unsigned *line, uint64_t x)
{
	unsigned at = 0;

	for (int stop = 0; stop < STOPS; stop++) {
		x = (x ^ at) * 0x9e3779b97f4a7c15ull;
		if (x >> 63) {
			at = line[at];
			continue;
		}
		for (uint64_t i = 0; i < TRACK; i++)
			x = (x ^ i) + 3 * i;
		at = (at + 1) % STATIONS;
	}
	return x;
}

static void build_stations(struct ir *ir, const unsigned *line, int x)
{
	int station[STATIONS], left = ir_reg(ir), sign = ir_reg(ir), out = ir_label(ir);

	for (int i = 0; i < STATIONS; i++)
		station[i] = ir_label(ir);
	ir_const(ir, left, STOPS);
	for (int i = 0; i < STATIONS; i++) {
		ir_place(ir, station[i]);
		ir_branchi(ir, IR_EQ, left, 0, out);
		ir_alui(ir, IR_SUB, left, left, 1);
		ir_alui(ir, IR_XOR, x, x, i);
		ir_alui(ir, IR_MUL, x, x, (int64_t)0x9e3779b97f4a7c15ull);
		ir_alui(ir, IR_SHR, sign, x, 63);
		ir_branchi(ir, IR_NE, sign, 0, station[line[i]]);
		for (uint64_t k = 0; k < TRACK; k++) {
			ir_alui(ir, IR_XOR, x, x, (int64_t)k);
			ir_alui(ir, IR_ADD, x, x, (int64_t)(3 * k));
		}
	}
	ir_jump(ir, station[0]);
	ir_place(ir, out);
}

/* Jumps of every length, both ways: each lands where it should, and no island holds what nothing
 * leads to. */
static void test_islands(void **state)
{
	(void)state;
	for (int n = 0; n < 20; n++) {
		struct bench b;
		uint8_t ctx[CTX_BYTES] = {0};
		struct trial m = {.ctx = ctx};
		unsigned line[STATIONS];
		uint64_t start = 11 + n, got;
		int c, x;

		seed = n;
		open_bench(&b);
		c = ir_reg(b.ir), x = ir_reg(b.ir);
		for (int i = 0; i < STATIONS; i++)
			line[i] = pick(STATIONS);
		memcpy(ctx, &start, 8);
		ir_ctx(b.ir, c);
		ir_load(b.ir, x, c, 0, 8);
		build_stations(b.ir, line, x);
		ir_store(b.ir, c, 8, x, 8);
		assert_int_equal(ir_finish(b.ir, &b.code, &b.why), 0);
		assert_true(b.code.ninsns > 2 * INT16_MAX);
		run(&m, &b.code);
		assert_null(m.wrong);
		memcpy(&got, ctx + 8, 8);
		assert_true(got == travel(line, start));
		close_bench(&b);
	}
}

#define BRANCHES 40000

/* Tens of thousands of far jumps to labels in one place need one entry in each island. */
static void test_shared_labels(void **state)
{
	static int label[BRANCHES];
	struct bench b;
	int c, x;

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	for (int i = 0; i < BRANCHES; i++) {
		label[i] = ir_label(b.ir);
		ir_branchi(b.ir, IR_EQ, x, i, label[i]);
		ir_store(b.ir, c, 8, x, 8);
	}
	for (int i = 0; i < BRANCHES; i++)
		ir_place(b.ir, label[i]);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), 0);
	assert_in_range(b.code.ninsns, 2 * BRANCHES, 2 * BRANCHES + 100);
	assert_int_equal(first_unreached(&b.code), b.code.ninsns);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_jumps),
		cmocka_unit_test(test_islands),
		cmocka_unit_test(test_shared_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
