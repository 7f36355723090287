/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end on large programs: time grows with the program, not with its
 * square.  Each shape is one that a pass could be slow at, so large that a
 * square takes much longer than the limit, and a moment suffices otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "ir_bench.h"
#include "ir_machine.h"

#define LIMIT_SECONDS 8 /* sanitizers and slow machines included */

static void finish_in_time(struct bench *b)
{
	struct timespec from, to;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	assert_int_equal(ir_finish(b->ir, &b->code, &b->why), 0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	assert_true(to.tv_sec - from.tv_sec < LIMIT_SECONDS);
	assert_int_equal(first_unreached(&b->code), b->code.ninsns);
	close_bench(b);
}

/* More values than registers, in 50,000 blocks, with calls between. */
static void test_pressure(void **state)
{
	struct bench b;
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
	finish_in_time(&b);
}

/* Branches in a row that all lead to where execution goes anyway. */
static void test_one_label(void **state)
{
	struct bench b;
	int c, x, end;

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir), end = ir_label(b.ir);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	for (int i = 0; i < 300000; i++)
		ir_branchi(b.ir, IR_EQ, x, i, end);
	ir_place(b.ir, end);
	finish_in_time(&b);
}

#define NESTED 60000

/* Branches that all have a label of their own, all in one place. */
static void test_many_labels(void **state)
{
	static int label[NESTED];
	struct bench b;
	int c, x;

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	for (int i = 0; i < NESTED; i++) {
		label[i] = ir_label(b.ir);
		ir_branchi(b.ir, IR_EQ, x, i, label[i]);
		ir_store(b.ir, c, 8, x, 8);
	}
	for (int i = NESTED; i-- > 0;)
		ir_place(b.ir, label[i]);
	finish_in_time(&b);
}

/* Comments whose code went away stand above the next that stayed. */
static void test_comments(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	for (int i = 0; i < 10000; i++)
		ir_comment(b.ir, "a clause of the script that came to nothing: number %d", i);
	finish_in_time(&b);
}

/* Thousands of values that live through thousands of blocks. */
static void test_long_lives(void **state)
{
	enum { VALUES = 4000, BLOCKS = 40000 };
	static int v[VALUES];
	struct bench b;
	int c;

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir);
	ir_ctx(b.ir, c);
	seed = 7;
	for (int i = 0; i < VALUES; i++) {
		v[i] = ir_reg(b.ir);
		ir_const(b.ir, v[i], 0x123456789abcll * (i + 1));
	}
	for (int i = 0; i < BLOCKS; i++) {
		int skip = ir_label(b.ir), t = ir_reg(b.ir);

		ir_load(b.ir, t, c, 8, 8);
		ir_branch(b.ir, IR_EQ, t, v[pick(VALUES)], skip);
		ir_store(b.ir, c, 16, v[pick(VALUES)], 8);
		ir_place(b.ir, skip);
	}
	finish_in_time(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pressure),    cmocka_unit_test(test_one_label),
		cmocka_unit_test(test_many_labels), cmocka_unit_test(test_comments),
		cmocka_unit_test(test_long_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
