/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the passes ask of single operations: operands, purity, constant
 * evaluation, and where labels and loops are.
 */
#include <string.h>

#include "ir/ir_impl.h"

bool fits32(int64_t v)
{
	return v == (int32_t)v;
}

bool op_commutes(unsigned op)
{
	return op == IR_ADD || op == IR_MUL || op == IR_AND || op == IR_OR || op == IR_XOR;
}

bool op_is_invariant(uint8_t op)
{
	return op == INS_CONST || op == INS_STACK_ADDR || op == INS_MAP || op == INS_MAP_VALUE;
}

bool ins_is_call(const struct ins *i)
{
	return i->op == INS_CALL || i->op == INS_CALL_SUPPORT || i->op == INS_CALL_ONWARD;
}

bool ins_ends_flow(const struct ins *i)
{
	return i->op == INS_JUMP || i->op == INS_RET;
}

bool ins_jumps(const struct ins *i)
{
	return i->op == INS_JUMP || i->op == INS_BRANCH;
}

/* Whether nothing is lost with the operation when nobody reads its result. */
bool ins_pure(const struct ins *i)
{
	return i->op >= INS_ENTRY && i->op <= INS_LOAD;
}

/*
 * The two-address form `dst = a; dst op= b` must not lose b, so b is read late
 * where the operands cannot trade places; likewise the address of an atomic
 * whose operand register receives the old value.
 */
unsigned ins_uses(struct ins *i, struct use use[static 8])
{
	unsigned n = 0;
	bool late_a = i->op == INS_ATOMIC;
	bool late_b = (i->op == INS_ALU && i->a != i->b && !op_commutes(i->sub)) ||
		      (i->op == INS_ATOMIC && i->sub == IR_ATOMIC_CMPXCHG);

	if (i->op == INS_LABEL || i->op == INS_COMMENT || i->op == INS_NOP)
		return 0;
	if (i->a >= 0)
		use[n++] = (struct use){&i->a, late_a};
	if (i->b >= 0)
		use[n++] = (struct use){&i->b, late_b};
	if (i->c >= 0)
		use[n++] = (struct use){&i->c, false};
	if (ins_is_call(i))
		for (unsigned k = 0; k < i->nargs; k++)
			if (i->args[k].v >= 0)
				use[n++] = (struct use){&i->args[k].v, false};
	return n;
}

uint64_t alu_eval(enum ir_op op, uint64_t a, uint64_t b)
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
		return !b ? 0 : sb == -1 ? 0 - a : (uint64_t)(sa / sb);
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
	return 0;
}

bool cond_eval(enum ir_cond cond, uint64_t a, uint64_t b)
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
	return false;
}

enum ir_cond cond_swap(enum ir_cond cond)
{
	static const enum ir_cond swapped[] = {
		[IR_EQ] = IR_EQ,   [IR_NE] = IR_NE,   [IR_ULT] = IR_UGT, [IR_ULE] = IR_UGE,
		[IR_UGT] = IR_ULT, [IR_UGE] = IR_ULE, [IR_SLT] = IR_SGT, [IR_SLE] = IR_SGE,
		[IR_SGT] = IR_SLT, [IR_SGE] = IR_SLE, [IR_SET] = IR_SET,
	};

	return swapped[cond];
}

bool ir_cond_invert(enum ir_cond cond, enum ir_cond *out)
{
	static const enum ir_cond inverse[] = {
		[IR_EQ] = IR_NE,   [IR_NE] = IR_EQ,   [IR_ULT] = IR_UGE, [IR_ULE] = IR_UGT,
		[IR_UGT] = IR_ULE, [IR_UGE] = IR_ULT, [IR_SLT] = IR_SGE, [IR_SLE] = IR_SGT,
		[IR_SGT] = IR_SLE, [IR_SGE] = IR_SLT, [IR_SET] = IR_SET,
	};

	*out = inverse[cond];
	return cond != IR_SET;
}

size_t *label_positions(struct ir *ir, struct arena *tmp)
{
	size_t *at = arena_alloc(tmp, sizeof(*at) * (ir->nlabels + 1));

	for (size_t i = 0; i < ir->n; i++)
		if (ir->ins[i].op == INS_LABEL)
			at[ir->ins[i].ref] = i;
	return at;
}

/* A backward jump makes a loop of all between its target and itself. */
unsigned *loop_depths(struct ir *ir, struct arena *tmp)
{
	size_t *at = label_positions(ir, tmp);
	int *delta = arena_alloc(tmp, sizeof(*delta) * (ir->n + 2));
	bool *seen = arena_alloc(tmp, ir->nlabels + 1);
	unsigned *depth = arena_alloc(tmp, sizeof(*depth) * (ir->n + 1));
	int now = 0;

	for (size_t i = ir->n; i-- > 0;) {
		const struct ins *in = &ir->ins[i];

		if (!ins_jumps(in) || at[in->ref] > i || seen[in->ref])
			continue;
		seen[in->ref] = true; /* several jumps back to one label are one loop */
		delta[at[in->ref]]++;
		delta[i + 1]--;
	}
	for (size_t i = 0; i < ir->n; i++) {
		now += delta[i];
		depth[i] = now > 4 ? 4 : now;
	}
	return depth;
}
