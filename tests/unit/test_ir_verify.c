/* SPDX-License-Identifier: BSD-2-Clause */
/* The check of the IR between passes: good IR passes, and each way to break it is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "ir/ir_impl.h"
#include "ir/support.h"

#define ALL (VERIFY_REACHED | VERIFY_WRITTEN | VERIFY_LOWERED)

/* A program of every kind of operation, good in every respect. */
enum { X = 1, Y, Z, REGS };
static struct arg args[5];

static struct ir *good(struct arena *a)
{
	struct ir *ir = ir_new(a);
	int skip = ir_label(ir), obj = ir_stack(ir, 16);

	while (ir->nvregs < REGS)
		ir_reg(ir);
	args[0] = (struct arg){.v = X};
	args[1] = (struct arg){.v = -1, .op = INS_STACK_ADDR, .ref = obj, .off = 8};
	PUSH(ir, .op = INS_ENTRY, .dst = X);
	ir_comment(ir, "all of it");
	ir_const(ir, Y, 5);
	ir_stack_addr(ir, Z, obj, 16);
	ir_map(ir, Z, 0);
	ir_map_value(ir, Z, 0, 8);
	ir_branchi(ir, IR_EQ, Y, 7, skip);
	ir_alui(ir, IR_ADD, Y, Y, 1);
	ir_neg(ir, Y, Y);
	ir_extend(ir, Y, Y, 4, false);
	ir_swap(ir, Y, Y, 2);
	ir_mov(ir, Y, X);
	ir_place(ir, skip);
	ir_load(ir, Y, X, 8, 8);
	ir_stack_store(ir, obj, 12, Y, 4);
	ir_storei(ir, Z, 0, -1, 1);
	ir_atomic(ir, IR_ATOMIC_CMPXCHG, Y, Z, 0, Y, X, 8);
	PUSH(ir, .op = INS_CALL, .dst = Y, .ref = 1, .nargs = 2, .args = args);
	PUSH(ir, .op = INS_CALL_SUPPORT, .ref = 0, .nargs = 2, .args = args);
	ir_ret(ir, 0);
	return ir;
}

static struct ins *find(struct ir *ir, enum ins_op op)
{
	for (size_t i = 0; i < ir->n; i++)
		if (ir->ins[i].op == op)
			return &ir->ins[i];
	fail_msg("no operation %d", op);
	return NULL;
}

static void test_good(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	assert_null(verify(good(a), ALL));
	arena_free(a);
}

/* One field of one operation, changed. */
struct damage {
	enum ins_op op;
	size_t field;
	int value; /* of an int, or of a byte if the field is one */
	const char *why;
};

#define FIELD(f) offsetof(struct ins, f)

static const struct damage damages[] = {
	{INS_MOV, FIELD(dst), -1, "(mov) has a result"},
	{INS_MOV, FIELD(a), 0, "(mov) has an operand"},
	{INS_MOV, FIELD(a), REGS, "(mov) has an operand"},
	{INS_MOV, FIELD(b), X, "(mov) has an operand"},
	{INS_STORE, FIELD(dst), X, "(store) has a result"},
	{INS_NEG, FIELD(a), -1, "(neg) has an operand"},
	{INS_BRANCH, FIELD(a), -7, "(branch) has an operand"},
	{INS_BRANCH, FIELD(sub), IR_SET + 1, "(branch) has an unknown kind"},
	{INS_BRANCH, FIELD(ref), 1, "(branch) has a label that does not exist"},
	{INS_ALU, FIELD(sub), IR_SAR + 1, "(arithmetic) has an unknown kind"},
	{INS_ALU, FIELD(sub), IR_SDIV, "(arithmetic) has a signed division"},
	{INS_EXTEND, FIELD(sub), 1, "(extend) has an extension with the sign"},
	{INS_EXTEND, FIELD(size), 8, "(extend) has a size"},
	{INS_SWAP, FIELD(size), 1, "(swap) has a size"},
	{INS_LOAD, FIELD(size), 3, "(load) has a size"},
	{INS_LOAD, FIELD(size), 0, "(load) has a size"},
	{INS_LOAD, FIELD(off), 1 << 15, "(load) has an offset that no instruction holds"},
	{INS_STORE, FIELD(size), 8, "(store) has an access outside"},
	{INS_STORE, FIELD(off), -4, "(store) has an access outside"},
	{INS_STORE, FIELD(ref), 1, "(store) has an access outside"},
	{INS_STACK_ADDR, FIELD(off), 17, "has an address outside"},
	{INS_MAP, FIELD(ref), -1, "(map) has a map"},
	{INS_ATOMIC, FIELD(size), 2, "(atomic) has a size"},
	{INS_ATOMIC, FIELD(sub), IR_ATOMIC_ADD, "(atomic) has an operand"},
	{INS_ATOMIC, FIELD(c), -1, "(atomic) has an operand"},
	{INS_CALL, FIELD(nargs), 6, "(call) has more than five arguments"},
	{INS_CALL, FIELD(nargs), 3, "(call) has an argument that does not exist"},
	{INS_CALL_SUPPORT, FIELD(ref), 1000, "has a routine"},
	{INS_RET, FIELD(op), INS_ENTRY, "(entry) has a result"},
	{INS_COMMENT, FIELD(op), INS_CALL_ONWARD + 1, "is none"},
	{INS_COMMENT, FIELD(op), INS_RET, "is not reached"},
	{INS_LABEL, FIELD(op), INS_NOP, "label 0 is not placed once"},
};

static bool is_byte(size_t field)
{
	return field < FIELD(dst);
}

static void test_damages(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(damages) / sizeof(*damages); k++) {
		const struct damage *d = &damages[k];
		struct arena *a = arena_new();
		struct ir *ir = good(a);
		char *field = (char *)find(ir, d->op) + d->field;
		const char *why;

		if (is_byte(d->field))
			*(uint8_t *)field = (uint8_t)d->value;
		else
			memcpy(field, &d->value, sizeof(d->value));
		why = verify(ir, ALL);
		if (!why || !strstr(why, d->why))
			fail_msg("\"%s\" is what it said, not \"%s\"", why ? why : "(nothing)",
				 d->why);
		arena_free(a);
	}
}

static void expect(struct ir *ir, const char *words)
{
	const char *why = verify(ir, ALL);

	if (!why || !strstr(why, words))
		fail_msg("\"%s\" is what it said, not \"%s\"", why ? why : "(nothing)", words);
}

static void test_label_twice(void **state)
{
	struct arena *a = arena_new();
	struct ir *ir = good(a);

	(void)state;
	PUSH(ir, .op = INS_LABEL, .ref = 0);
	expect(ir, "label 0 is not placed once");
	arena_free(a);
}

static void test_wide_constant(void **state)
{
	struct arena *a = arena_new();
	struct ir *ir = good(a);

	(void)state;
	find(ir, INS_ALU)->imm = 1ll << 40;
	expect(ir, "a constant that no instruction holds");
	assert_null(verify(ir, VERIFY_REACHED | VERIFY_WRITTEN));
	arena_free(a);
}

static void test_lost_old_value(void **state)
{
	struct arena *a = arena_new();
	struct ir *ir = good(a);
	struct ins *i = find(ir, INS_ATOMIC);

	(void)state;
	i->sub = IR_ATOMIC_XCHG;
	i->c = -1;
	assert_null(verify(ir, ALL));
	i->dst = -1;
	expect(ir, "no register for the old value");
	arena_free(a);
}

static void test_unreached(void **state)
{
	struct arena *a = arena_new();
	struct ir *ir = good(a);

	(void)state;
	ir_const(ir, Y, 1);
	ir_ret(ir, 1);
	expect(ir, "(const) is not reached");
	assert_null(verify(ir, VERIFY_WRITTEN | VERIFY_LOWERED));
	arena_free(a);
}

/*
 * if (x) z = 1;		or, with a loop,	for (;;) { if (x) break; z = 1; }
 * return z;						return z;
 */
static struct ir *half_written(struct arena *a, bool loop, bool before)
{
	struct ir *ir = ir_new(a);
	int top = ir_label(ir), end = ir_label(ir);

	while (ir->nvregs < REGS + 100)
		ir_reg(ir);
	PUSH(ir, .op = INS_ENTRY, .dst = X);
	for (int r = REGS; r < REGS + 100; r++) /* others in the way */
		ir_const(ir, r, r);
	if (before)
		ir_const(ir, Z, 0);
	if (loop)
		ir_place(ir, top);
	ir_branchi(ir, IR_EQ, X, 0, end);
	for (int r = REGS; r < REGS + 100; r++)
		ir_store(ir, X, 0, r, 8);
	ir_const(ir, Z, 1);
	if (loop)
		ir_jump(ir, top);
	ir_place(ir, end);
	ir_store(ir, X, 0, Z, 8);
	ir_ret(ir, 0);
	return ir;
}

static void test_unwritten(void **state)
{
	(void)state;
	for (int loop = 0; loop < 2; loop++) {
		struct arena *a = arena_new();

		expect(half_written(a, loop, false), "register 3 is read");
		assert_null(verify(half_written(a, loop, false), VERIFY_REACHED));
		assert_null(verify(half_written(a, loop, true), ALL));
		arena_free(a);
	}
}

/* The verifier knows only of what follows: a loop may bring what the first round lacks. */
static void test_unwritten_by_way_of_a_loop(void **state)
{
	struct arena *a = arena_new();
	struct ir *ir = ir_new(a);
	int top = ir_label(ir), middle = ir_label(ir);

	(void)state;
	while (ir->nvregs < REGS)
		ir_reg(ir);
	PUSH(ir, .op = INS_ENTRY, .dst = X);
	ir_branchi(ir, IR_EQ, X, 0, middle);
	ir_const(ir, Z, 1);
	ir_place(ir, top);
	ir_store(ir, X, 0, Z, 8); /* unset if entered by way of the middle */
	ir_place(ir, middle);
	ir_branchi(ir, IR_NE, X, 5, top);
	ir_ret(ir, 0);
	expect(ir, "register 3 is read");
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_label_twice),
		cmocka_unit_test(test_wide_constant),
		cmocka_unit_test(test_lost_old_value),
		cmocka_unit_test(test_unreached),
		cmocka_unit_test(test_unwritten),
		cmocka_unit_test(test_unwritten_by_way_of_a_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
