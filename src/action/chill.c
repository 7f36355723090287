/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chill(nanoseconds): the CPU does nothing for so long, to make a race come true.
 * As DTrace has it, no CPU may be held for more than half of a second in each
 * second: what would be more is an illegal operation.
 *
 * A program cannot wait, and its loops have a bound.  So it copies memory, a large
 * piece as long as there is time for one, until the time is over.
 */
#include <stddef.h>

#include "action/action.h"
#include "emit/emit.h"

#define INTERVAL 1000000000
#define LIMIT 500000000
#define LARGE (1u << 20)
#define LARGE_TAKES 1000000 /* no machine needs longer for it */
#define SMALL 4096
#define TURNS                                                                                      \
	12000 /* for LIMIT, where LARGE takes but 50 us; and for LARGE_TAKES in small pieces */

enum { MARK = 0, CHILLED = 8 };

/* Of each CPU: since when it is counted, and how long it has been held. */
static int budget_map(struct emit *e)
{
	return emit_map_once(e, (struct map_def){.name = "chilled",
						 .role = MAP_PLAIN,
						 .type = BPF_MAP_TYPE_PERCPU_ARRAY,
						 .key_size = 4,
						 .value_size = 16,
						 .max_entries = 1});
}

static int buffer(struct emit *e)
{
	int addr = ir_reg(e->ir);

	ir_map_value(e->ir, addr,
		     emit_map_once(e, (struct map_def){.name = "chill",
						       .role = MAP_PLAIN,
						       .type = BPF_MAP_TYPE_ARRAY,
						       .key_size = 4,
						       .value_size = 4 * LARGE,
						       .max_entries = 1}),
		     0);
	return addr;
}

static int now(struct emit *e)
{
	int reg = ir_reg(e->ir);

	IR_CALL0(e->ir, reg, BPF_FUNC_ktime_get_ns);
	return reg;
}

/*
 * if (now - mark > INTERVAL) { mark = now; chilled = 0; }
 * if (ns < 0 || chilled + ns > LIMIT) fault;
 * A register: this CPU's budget.
 */
static int take_budget(struct emit *e, int ns, int start)
{
	int key = ir_stack(e->ir, 8), of, same = ir_label(e->ir), age = ir_reg(e->ir),
	    chilled = ir_reg(e->ir), sum = ir_reg(e->ir);

	ir_stack_storei(e->ir, key, 0, 0, 4);
	of = emit_map_lookup(e, budget_map(e), (struct place){SPACE_STACK, key, 0});
	emit_fault_if(e, IR_EQ, of, 0, FLT_ILLOP, -1); /* (never) */
	ir_load(e->ir, age, of, MARK, 8);
	ir_alu(e->ir, IR_SUB, age, start, age);
	ir_branchi(e->ir, IR_ULE, age, INTERVAL, same);
	ir_store(e->ir, of, MARK, start, 8);
	ir_storei(e->ir, of, CHILLED, 0, 8);
	ir_place(e->ir, same);
	ir_load(e->ir, chilled, of, CHILLED, 8);
	emit_fault_if(e, IR_UGT, ns, LIMIT, FLT_ILLOP, -1);
	ir_alu(e->ir, IR_ADD, sum, chilled, ns);
	emit_fault_if(e, IR_UGT, sum, LIMIT, FLT_ILLOP, -1);
	ir_store(e->ir, of, CHILLED, sum, 8);
	return of;
}

/* left < LARGE_TAKES ? SMALL : LARGE, without a branch, which the verifier would follow each turn.
 */
static int size_for(struct emit *e, int left)
{
	int shift = ir_reg(e->ir), size = ir_reg(e->ir);

	ir_alui(e->ir, IR_SUB, shift, left, LARGE_TAKES);
	ir_alui(e->ir, IR_SHR, shift, shift, 63);
	ir_alui(e->ir, IR_MUL, shift, shift, __builtin_ctz(LARGE / SMALL));
	ir_alu(e->ir, IR_SHR, size, emit_const(e, LARGE), shift);
	ir_alui(e->ir, IR_AND, size, size, 2 * LARGE - 1); /* a bound that it sees */
	return size;
}

/* for (TURNS) { left = end - now; copy(left < LARGE_TAKES ? SMALL : LARGE); if (left <= 0) break; }
 */
static void wait_until(struct emit *e, int end)
{
	int again = ir_label(e->ir), done = ir_label(e->ir), turn = ir_reg(e->ir),
	    left = ir_reg(e->ir), to, from = ir_reg(e->ir);

	ir_const(e->ir, turn, 0);
	ir_place(e->ir, again);
	ir_alu(e->ir, IR_SUB, left, end, now(e));
	to = buffer(e);
	ir_alui(e->ir, IR_ADD, from, to, 2 * LARGE);
	IR_CALL(e->ir, -1, BPF_FUNC_probe_read_kernel, to, size_for(e, left), from);
	ir_alui(e->ir, IR_ADD, turn, turn, 1);
	ir_branchi(e->ir, IR_UGE, turn, TURNS, done);
	/* (falling through is the end: the verifier goes on with it first, and keeps few turns) */
	ir_branchi(e->ir, IR_SGT, left, 0, again);
	ir_place(e->ir, done);
}

static void code(struct emit *e, struct node *n, struct value *out)
{
	int ns = emit_int(e, n->args), start = now(e), end = ir_reg(e->ir);

	(void)out;
	(void)take_budget(e, ns, start);
	ir_alu(e->ir, IR_ADD, end, start, ns);
	wait_until(e, end);
}

// clang-format off
const struct builtin action_chill[] = {
	{ "chill", BUILTIN_SUBROUTINE, "void", "integer", .code = code, .destructive = true },
	{ NULL },
};
// clang-format on
