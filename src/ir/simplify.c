/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The algebra of single operations: constant operands, neutral elements, powers
 * of two, extensions of what is short enough.  Additions are left in the shape
 * they were written in, since the sum may be a pointer.
 */
#include "ir/fold.h"

static bool become_const(struct ins *i, uint64_t value)
{
	*i = (struct ins){
		.op = INS_CONST, .dst = i->dst, .a = -1, .b = -1, .c = -1, .imm = (int64_t)value};
	return true;
}

static bool become_mov(struct ins *i, int src)
{
	*i = (struct ins){.op = INS_MOV, .dst = i->dst, .a = src, .b = -1, .c = -1};
	return true;
}

static bool become_alui(struct ins *i, enum ir_op op, int64_t imm)
{
	i->sub = op;
	i->b = -1;
	i->imm = imm;
	return true;
}

static int log2_exact(uint64_t v)
{
	return v && !(v & (v - 1)) ? __builtin_ctzll(v) : -1;
}

/* dst = a op constant; a is not constant. */
static bool simplify_by_constant(const struct folder *f, struct ins *i)
{
	uint64_t c = (uint64_t)i->imm;
	unsigned bits = fold_bits(f, i->a);
	int shift = log2_exact(c);

	switch ((enum ir_op)i->sub) {
	case IR_ADD:
	case IR_SUB:
	case IR_OR:
	case IR_XOR:
		return c == 0 ? become_mov(i, i->a) : false;
	case IR_SHL:
	case IR_SHR:
	case IR_SAR:
		return (c & 63) == 0 ? become_mov(i, i->a) : false;
	case IR_MUL:
		if (c == 0)
			return become_const(i, 0);
		if (c == 1)
			return become_mov(i, i->a);
		return shift > 0 ? become_alui(i, IR_SHL, shift) : false;
	case IR_UDIV:
		if (c == 0)
			return become_const(i, 0);
		if (c == 1)
			return become_mov(i, i->a);
		return shift > 0 ? become_alui(i, IR_SHR, shift) : false;
	case IR_UMOD:
		if (c == 0)
			return become_mov(i, i->a);
		return shift >= 0 ? become_alui(i, IR_AND, (int64_t)(c - 1)) : false;
	case IR_AND:
		if (c == 0)
			return become_const(i, 0);
		if (bits < 64 && (~c & ((1ull << bits) - 1)) == 0)
			return become_mov(i, i->a);
		if (c == ~0ull)
			return become_mov(i, i->a);
		if (c != UINT32_MAX)
			return false;
		i->op = INS_EXTEND;
		i->sub = 0;
		i->size = 4;
		return true;
	case IR_SDIV:
	case IR_SMOD:
		if (c == 0)
			return i->sub == IR_SDIV ? become_const(i, 0) : become_mov(i, i->a);
		if (c == 1)
			return i->sub == IR_SDIV ? become_mov(i, i->a) : become_const(i, 0);
		if (bits < 64 && (int64_t)c > 0)
			return become_alui(i, i->sub == IR_SDIV ? IR_UDIV : IR_UMOD, (int64_t)c);
		return false;
	}
	return false;
}

static bool simplify_alu(const struct folder *f, struct ins *i)
{
	int64_t a, b = i->imm;
	bool a_known = fold_constant(f, i->a, &a), b_known = i->b < 0 || fold_constant(f, i->b, &b);
	const struct known *base = fold_known(f, i->a);
	bool changed = false;

	if (a_known && b_known)
		return become_const(i, alu_eval(i->sub, a, b));
	if (a_known && !b_known && op_commutes(i->sub)) {
		i->a = i->b;
		i->b = -1;
		i->imm = a;
		changed = b_known = true;
	} else if (b_known && i->b >= 0) {
		i->b = -1;
		i->imm = b;
		changed = true;
	}
	if (!b_known && i->a == i->b && (i->sub == IR_XOR || i->sub == IR_SUB))
		return become_const(i, 0);
	if (!b_known)
		return changed;
	if (i->sub == IR_ADD && base->op == INS_STACK_ADDR && i->a >= 0 && !changed) {
		int64_t off = base->off + i->imm;

		if (off >= 0 && off <= (int64_t)f->ir->objects[base->ref].size) {
			*i = (struct ins){.op = INS_STACK_ADDR,
					  .dst = i->dst,
					  .a = -1,
					  .b = -1,
					  .c = -1,
					  .ref = base->ref,
					  .off = (int)off};
			return true;
		}
	}
	return simplify_by_constant(f, i) || changed;
}

bool simplify_ins(const struct folder *f, struct ins *i)
{
	const struct known *a = fold_known(f, i->a);
	unsigned bits = fold_bits(f, i->a);

	switch (i->op) {
	case INS_MOV:
		return a->op == INS_CONST ? become_const(i, (uint64_t)a->imm) : false;
	case INS_NEG:
		return a->op == INS_CONST ? become_const(i, 0 - (uint64_t)a->imm) : false;
	case INS_EXTEND:
		if (a->op == INS_CONST) {
			unsigned shift = 64 - 8 * i->size;
			uint64_t high = (uint64_t)a->imm << shift;

			return become_const(i, i->sub ? (uint64_t)((int64_t)high >> shift)
						      : high >> shift);
		}
		if (bits < 8u * i->size || (bits == 8u * i->size && !i->sub))
			return become_mov(i, i->a);
		return false;
	case INS_SWAP:
		if (a->op != INS_CONST)
			return false;
		return become_const(i, i->size == 2   ? __builtin_bswap16(a->imm)
				       : i->size == 4 ? __builtin_bswap32(a->imm)
						      : __builtin_bswap64(a->imm));
	case INS_ALU:
		return simplify_alu(f, i);
	}
	return false;
}
