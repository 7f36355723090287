/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program takes along behind its end: the code of calls, and what they leave of the stack.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "ir/support.h"
#include "ir_bench.h"

#define DROPS 1
#define COUNTER 16

/* Two calls share one subprogram; what lives across them is kept where calls leave it alone. */
static void test_call_onward(void **state)
{
	struct bench b;
	int c, x;

	(void)state;
	open_bench(&b);
	c = ir_reg(b.ir), x = ir_reg(b.ir);
	ir_onward_setup(b.ir, DROPS, COUNTER);
	ir_ctx(b.ir, c);
	ir_load(b.ir, x, c, 0, 8);
	ir_call_onward(b.ir, 0, 0);
	ir_call_onward(b.ir, 0, 7);
	ir_store(b.ir, c, 8, x, 8);
	expect_listing(&b, "    0: (bf) r6 = r1\n"
			   "    1: (79) r7 = *(u64 *)(r6 +0)\n"
			   "    2: (bf) r1 = r6\n"
			   "    3: (18) r2 = map[flows]\n"
			   "    5: (b7) r3 = 0\n"
			   "    6: (85) call F1\n"
			   "    7: (bf) r1 = r6\n"
			   "    8: (18) r2 = map[flows]\n"
			   "   10: (b7) r3 = 7\n"
			   "   11: (85) call F1\n"
			   "   12: (7b) *(u64 *)(r6 +8) = r7\n"
			   "   13: (b7) r0 = 0\n"
			   "   14: (95) exit\n"
			   "; onward\n"
			   "F1:\n"
			   "   15: (85) call bpf_tail_call#12\n"
			   "   16: (62) *(u32 *)(r10 -4) = 0\n"
			   "   17: (18) r1 = map[config]\n"
			   "   19: (bf) r2 = r10\n"
			   "   20: (07) r2 += -4\n"
			   "   21: (85) call bpf_map_lookup_elem#1\n"
			   "   22: (15) if r0 == 0 goto L2\n"
			   "   23: (b7) r1 = 1\n"
			   "   24: (db) lock *(u64 *)(r0 +16) += r1\n"
			   "L2:\n"
			   "   25: (b7) r0 = 0\n"
			   "   26: (95) exit\n");
	assert_int_equal(b.code.nsubprogs, 1);
	assert_string_equal(b.code.subprogs[0].name, "onward");
	assert_int_equal(b.code.subprogs[0].insn, 15);
	assert_true(b.code.types_functions);
	assert_int_equal(b.code.nuses, 3);
	assert_int_equal(b.code.uses[0].map, 0);
	assert_int_equal(b.code.uses[1].map, 0);
	assert_int_equal(b.code.uses[2].map, DROPS);
	assert_int_equal(b.code.uses[2].insn, 17);
	assert_int_equal(b.code.nmaps, 2);
	assert_int_equal(b.code.branches, 2); /* one at each call */
	close_bench(&b);
}

static void test_tail_call(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	ir_tail_call(b.ir, 0, 3);
	ir_ret(b.ir, 1);
	expect_listing(&b, "    0: (18) r2 = map[flows]\n"
			   "    2: (b7) r3 = 3\n"
			   "    3: (85) call bpf_tail_call#12\n"
			   "    4: (b7) r0 = 1\n"
			   "    5: (95) exit\n");
	assert_int_equal(b.code.nsubprogs, 0);
	assert_false(b.code.types_functions);
	close_bench(&b);
}

/* A program with objects of that many bytes, which calls a support routine, others, or both. */
static int finish_with(struct bench *b, unsigned bytes, bool routine, bool onward)
{
	int obj, r, args[5];

	open_bench(b);
	r = ir_reg(b->ir), obj = ir_stack(b->ir, bytes);
	ir_onward_setup(b->ir, DROPS, COUNTER);
	ir_stack_addr(b->ir, r, obj, 0);
	IR_CALL(b->ir, -1, BPF_FUNC_get_current_comm, r);
	for (int i = 0; i < 5; i++)
		args[i] = r;
	if (routine)
		ir_call_support(b->ir, -1, 0, 5, args);
	if (onward)
		ir_call_onward(b->ir, 0, 0);
	return ir_finish(b->ir, &b->code, &b->why);
}

static void test_stack_limits(void **state)
{
	struct bench b;

	(void)state;
	assert_int_equal(finish_with(&b, 512, false, false), 0);
	close_bench(&b);
	assert_int_equal(finish_with(&b, 512, true, false), -E2BIG);
	assert_non_null(strstr(b.why, "bytes of stack a BPF program has"));
	close_bench(&b);
	assert_int_equal(finish_with(&b, 224, true, true), 0);
	assert_int_equal(b.code.nsubprogs, 2);
	assert_true(b.code.subprogs[0].insn < b.code.subprogs[1].insn);
	assert_string_equal(b.code.subprogs[0].name, support_routines[0].parts[0].name);
	close_bench(&b);
	assert_int_equal(finish_with(&b, 232, false, true), -E2BIG);
	assert_non_null(
		strstr(b.why, "the 224 bytes of stack a BPF program has that calls others"));
	close_bench(&b);
}

static void test_misuse(void **state)
{
	struct bench b;

	(void)state;
	open_bench(&b);
	ir_call_onward(b.ir, 0, 0);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	assert_non_null(strstr(b.why, "where failures count"));
	close_bench(&b);
	open_bench(&b);
	ir_tail_call(b.ir, 0, -1);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	close_bench(&b);
	open_bench(&b);
	ir_onward_setup(b.ir, DROPS, 4);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	close_bench(&b);
	open_bench(&b);
	ir_onward_setup(b.ir, DROPS, 8);
	ir_call_onward(b.ir, -1, 0);
	assert_int_equal(ir_finish(b.ir, &b.code, &b.why), -EINVAL);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_onward),
		cmocka_unit_test(test_tail_call),
		cmocka_unit_test(test_stack_limits),
		cmocka_unit_test(test_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
