/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A check of the IR between passes, for builds with -DIR_VERIFY (make asan):
 * each operation has the operands it must have, and those exist; accesses stay
 * inside stack objects; labels are placed once; and, as far as the passes so far
 * have established it, every operation is reached, every register is written
 * before it is read, whatever the path, and nothing is left that BPF cannot
 * encode.
 */
#include <string.h>

#include "base/vec.h"
#include "ir/ir_impl.h"
#include "ir/support.h"

/* What an operation has of an operand. */
enum { NO, YES, MAY };

struct shape {
	const char *name;
	uint8_t dst, a, b, c;
	uint8_t sizes; /* sum of those it can have */
	uint8_t subs;  /* sub is below; 0: not used */
};

static const struct shape shapes[] = {
	/* clang-format off */
	[INS_NOP]	   = {"nop"},
	[INS_LABEL]	   = {"label"},
	[INS_COMMENT]	   = {"comment"},
	[INS_ENTRY]	   = {"entry", YES},
	[INS_MOV]	   = {"mov", YES, YES},
	[INS_CONST]	   = {"const", YES},
	[INS_STACK_ADDR]   = {"stack address", YES},
	[INS_MAP]	   = {"map", YES},
	[INS_MAP_VALUE]	   = {"map value", YES},
	[INS_ALU]	   = {"arithmetic", YES, YES, MAY, NO, 0, IR_SAR + 1},
	[INS_NEG]	   = {"neg", YES, YES},
	[INS_FRESH]	   = {"fresh", YES, YES},
	[INS_EXTEND]	   = {"extend", YES, YES, NO, NO, 1 | 2 | 4, 2},
	[INS_SWAP]	   = {"swap", YES, YES, NO, NO, 2 | 4 | 8},
	[INS_LOAD]	   = {"load", YES, MAY, NO, NO, 1 | 2 | 4 | 8},
	[INS_STORE]	   = {"store", NO, MAY, MAY, NO, 1 | 2 | 4 | 8},
	[INS_ATOMIC]	   = {"atomic", MAY, YES, YES, MAY, 4 | 8, IR_ATOMIC_OR + 1},
	[INS_JUMP]	   = {"jump"},
	[INS_BRANCH]	   = {"branch", NO, YES, MAY, NO, 0, IR_SET + 1},
	[INS_RET]	   = {"ret"},
	[INS_CALL]	   = {"call", MAY},
	[INS_CALL_SUPPORT] = {"call of a routine", MAY},
	[INS_CALL_ONWARD]  = {"call of a program"},
	/* clang-format on */
};

static bool wrong_operand(const struct ir *ir, int r, unsigned has)
{
	if (r == -1)
		return has == YES;
	return has == NO || r < 1 || (size_t)r >= ir->nvregs;
}

static bool inside_object(const struct ir *ir, int obj, int off, unsigned size)
{
	return obj >= 0 && (size_t)obj < ir->nobjects && off >= 0 &&
	       (uint64_t)off + size <= ir->objects[obj].size;
}

static const char *check_invariant(const struct ir *ir, unsigned op, int ref, int off)
{
	if (op == INS_STACK_ADDR && !inside_object(ir, ref, off, 0))
		return "an address outside of its stack object";
	if ((op == INS_MAP || op == INS_MAP_VALUE) && ref < 0)
		return "a map that does not exist";
	return NULL;
}

static const char *check_call(const struct ir *ir, const struct ins *i)
{
	if (i->nargs > 5)
		return "more than five arguments";
	if (i->op == INS_CALL_SUPPORT && (i->ref < 0 || (unsigned)i->ref >= support_count))
		return "a routine that does not exist";
	for (unsigned k = 0; k < i->nargs; k++) {
		const struct arg *a = &i->args[k];
		const char *why;

		if (a->v == -1 && !op_is_invariant(a->op))
			return "an argument that is nothing";
		if (a->v != -1 && wrong_operand(ir, a->v, YES))
			return "an argument that does not exist";
		why = a->v == -1 ? check_invariant(ir, a->op, a->ref, a->off) : NULL;
		if (why)
			return why;
	}
	return NULL;
}

static const char *check_operands(const struct ir *ir, const struct ins *i)
{
	const struct shape *s = &shapes[i->op];

	if (wrong_operand(ir, i->dst, s->dst))
		return "a result it cannot have";
	if (wrong_operand(ir, i->a, s->a) || wrong_operand(ir, i->b, s->b) ||
	    wrong_operand(ir, i->c, s->c))
		return "an operand it cannot have";
	if (s->sizes && (!(i->size & s->sizes) || (i->size & (i->size - 1))))
		return "a size it cannot have";
	if (s->subs && i->sub >= s->subs)
		return "an unknown kind";
	if ((i->op == INS_LOAD || i->op == INS_STORE) && i->a < 0 &&
	    !inside_object(ir, i->ref, i->off, i->size))
		return "an access outside of its stack object";
	if (i->op == INS_ATOMIC && (i->c >= 0) != (i->sub == IR_ATOMIC_CMPXCHG))
		return "an operand it cannot have";
	if ((ins_jumps(i) || i->op == INS_LABEL) && (i->ref < 0 || (size_t)i->ref >= ir->nlabels))
		return "a label that does not exist";
	if (ins_is_call(i))
		return check_call(ir, i);
	return check_invariant(ir, i->op, i->ref, i->off);
}

/* What lower() promises. */
static const char *check_lowered(const struct ins *i)
{
	bool has_imm = i->op == INS_ALU || i->op == INS_BRANCH || i->op == INS_STORE;

	if (has_imm && i->b < 0 && !fits32(i->imm))
		return "a constant that no instruction holds";
	if ((i->op == INS_LOAD || i->op == INS_STORE || i->op == INS_ATOMIC) &&
	    i->off != (int16_t)i->off)
		return "an offset that no instruction holds";
	if (i->op == INS_ALU && (i->sub == IR_SDIV || i->sub == IR_SMOD))
		return "a signed division";
	if (i->op == INS_EXTEND && i->sub)
		return "an extension with the sign";
	if (i->op == INS_ATOMIC && i->sub != IR_ATOMIC_ADD && i->sub != IR_ATOMIC_OR &&
	    i->sub != IR_ATOMIC_CMPXCHG && i->dst < 0)
		return "no register for the old value";
	return NULL;
}

static const char *check_ins(const struct ir *ir, size_t at, unsigned established)
{
	const struct ins *i = &ir->ins[at];
	const char *why = check_operands(ir, i);

	if (!why && i->op == INS_ENTRY && at)
		why = "another place than the first";
	if (!why && (established & VERIFY_LOWERED))
		why = check_lowered(i);
	return why;
}

/* Position of each label plus 1. */
static size_t *find_labels(struct ir *ir, size_t *wrong)
{
	size_t *at = arena_alloc(ir->tmp, sizeof(*at) * (ir->nlabels + 1));

	*wrong = ir->n;
	for (size_t i = 0; i < ir->n; i++) {
		const struct ins *in = &ir->ins[i];

		if (in->op != INS_LABEL)
			continue;
		if (at[in->ref] && *wrong == ir->n)
			*wrong = i;
		at[in->ref] = i + 1;
	}
	for (size_t i = 0; i < ir->n; i++)
		if (ins_jumps(&ir->ins[i]) && !at[ir->ins[i].ref] && *wrong == ir->n)
			*wrong = i;
	return at;
}

/* The first operation that nothing leads to; n if there is none. */
static size_t find_unreached(struct ir *ir, const size_t *label_at)
{
	bool *seen = arena_alloc(ir->tmp, ir->n + 1);
	size_t first = 0;
	VEC(size_t) todo = {0};

	vec_push(&todo, 0);
	while (todo.n)
		for (size_t i = todo.at[--todo.n]; i < ir->n && !seen[i]; i++) {
			const struct ins *in = &ir->ins[i];

			seen[i] = true;
			if (ins_jumps(in))
				vec_push(&todo, label_at[in->ref] - 1);
			if (ins_ends_flow(in))
				break;
		}
	vec_free(&todo);
	while (first < ir->n && (seen[first] || ir->ins[first].op == INS_NOP))
		first++;
	return first;
}

const char *verify(struct ir *ir, unsigned established)
{
	size_t *label_at, wrong;

	for (size_t i = 0; i < ir->n; i++) {
		const char *why;

		if (ir->ins[i].op >= sizeof(shapes) / sizeof(*shapes))
			return arena_printf(ir->arena, "operation %zu is none", i);
		why = check_ins(ir, i, established);
		if (why)
			return arena_printf(ir->arena, "operation %zu (%s) has %s", i,
					    shapes[ir->ins[i].op].name, why);
	}
	label_at = find_labels(ir, &wrong);
	if (wrong < ir->n)
		return arena_printf(ir->arena, "operation %zu: label %d is not placed once", wrong,
				    ir->ins[wrong].ref);
	wrong = established & VERIFY_REACHED ? find_unreached(ir, label_at) : ir->n;
	if (wrong < ir->n)
		return arena_printf(ir->arena, "operation %zu (%s) is not reached", wrong,
				    shapes[ir->ins[wrong].op].name);
	return established & VERIFY_WRITTEN ? verify_written(ir, label_at) : NULL;
}
