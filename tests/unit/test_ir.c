/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The back end: listings that pin the quality of the code, the limits, misuse,
 * and what a program leaves behind when a small BPF interpreter runs it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "ir_bench.h"
#include "ir_machine.h"

/* -- shapes of the code --------------------------------------------------- */

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
	assert_int_equal(b.code.nmaps, 2);
	assert_int_equal(b.code.branches, 1);
	assert_int_equal(b.code.uses[2].insn, 15);
	assert_int_equal(b.code.uses[2].map, 1);
	assert_int_equal(b.code.insns[2].src_reg, BPF_PSEUDO_MAP_FD);
	assert_int_equal(b.code.insns[15].src_reg, BPF_PSEUDO_MAP_VALUE);
	close_bench(&b);
}

/* The 0 and 1 of a condition vanish; extensions of what a load extended vanish; the context
 * outlives the call. */
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
			   "    8: (79) r5 = *(u64 *)(r6 +8)\n"
			   "    9: (7b) *(u64 *)(r6 +16) = r5\n"
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
	ctx = ir_reg(b.ir), x = ir_reg(b.ir), y = ir_reg(b.ir), top = ir_label(b.ir),
	never = ir_label(b.ir);
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

/* An offset that no instruction holds is added to the base once for what lies near by. */
static void test_far_offsets(void **state)
{
	struct bench b;
	int map, key, value, x, skip, k;

	(void)state;
	open_bench(&b);
	map = ir_reg(b.ir), key = ir_reg(b.ir), value = ir_reg(b.ir), x = ir_reg(b.ir);
	skip = ir_label(b.ir), k = ir_stack(b.ir, 4);
	ir_stack_storei(b.ir, k, 0, 0, 4);
	ir_map(b.ir, map, 0);
	ir_stack_addr(b.ir, key, k, 0);
	IR_CALL(b.ir, value, BPF_FUNC_map_lookup_elem, map, key);
	ir_branchi(b.ir, IR_EQ, value, 0, skip);
	ir_load(b.ir, x, value, 150000, 8);
	ir_store(b.ir, value, 150008, x, 8);
	ir_storei(b.ir, value, 150016, 7, 4);
	ir_atomic(b.ir, IR_ATOMIC_ADD, -1, value, 117300, x, -1, 8);
	ir_load(b.ir, x, value, 32767, 1);
	ir_store(b.ir, value, 32768, x, 1);
	ir_place(b.ir, skip);
	expect_listing(&b, "    0: (62) *(u32 *)(r10 -8) = 0\n"
			   "    1: (18) r1 = map[flows]\n"
			   "    3: (bf) r2 = r10\n"
			   "    4: (07) r2 += -8\n"
			   "    5: (85) call bpf_map_lookup_elem#1\n"
			   "    6: (bf) r4 = r0\n"
			   "    7: (15) if r4 == 0 goto L1\n"
			   "    8: (bf) r0 = r4\n"
			   "    9: (07) r0 += 150000\n"
			   "   10: (79) r5 = *(u64 *)(r0 +0)\n"
			   "   11: (7b) *(u64 *)(r0 +8) = r5\n"
			   "   12: (62) *(u32 *)(r0 +16) = 7\n"
			   "   13: (db) lock *(u64 *)(r0 -32700) += r5\n"
			   "   14: (71) r5 = *(u8 *)(r4 +32767)\n"
			   "   15: (07) r4 += 32768\n"
			   "   16: (73) *(u8 *)(r4 +0) = r5\n"
			   "L1:\n"
			   "   17: (b7) r0 = 0\n"
			   "   18: (95) exit\n");
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
		r = ir_reg(b.ir), one = ir_stack(b.ir, 200), two = ir_stack(b.ir, 200),
		top = ir_label(b.ir);
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
	uint8_t ctx[CTX_BYTES] = {1};
	struct trial m = {.ctx = ctx};
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),	      cmocka_unit_test(test_condition),
		cmocka_unit_test(test_dead_code),     cmocka_unit_test(test_far_offsets),
		cmocka_unit_test(test_stack_sharing), cmocka_unit_test(test_stack_overflow),
		cmocka_unit_test(test_misuse),	      cmocka_unit_test(test_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
