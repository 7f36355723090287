/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lowering to what BPF (instruction set v3, as of Linux 6.1) can encode.
 *
 * Afterwards: immediates fit 32 bits and offsets 16; there is no signed
 * division; sign extension is a pair of shifts; `dst = a op b` has dst == b
 * only where the operands may trade places; atomics that return the old value have
 * a register for it.
 */
#include <stdint.h>

#include "ir/ir_impl.h"

static int constant(struct ir *ir, int64_t value)
{
	int t = ir_reg(ir);

	ir_const(ir, t, value);
	return t;
}

/* |x| = (x ^ s) - s, where s = x >> 63. */
static int magnitude(struct ir *ir, int x, int sign)
{
	int t = ir_reg(ir);

	ir_alu(ir, IR_XOR, t, x, sign);
	ir_alu(ir, IR_SUB, t, t, sign);
	return t;
}

static int sign_of(struct ir *ir, int x)
{
	int t = ir_reg(ir);

	ir_alui(ir, IR_SAR, t, x, 63);
	return t;
}

/*
 * |a| / |b| with the sign of a ^ b, |a| % |b| with the sign of a.  The least
 * integer divided by -1 comes out as itself: all steps wrap.
 */
static void lower_signed_division(struct ir *ir, const struct ins *i)
{
	bool mod = i->sub == IR_SMOD;
	enum ir_op op = mod ? IR_UMOD : IR_UDIV;
	int sign = sign_of(ir, i->a);
	int q = magnitude(ir, i->a, sign);

	if (i->b < 0) {
		uint64_t by = i->imm < 0 ? 0 - (uint64_t)i->imm : (uint64_t)i->imm;

		if (!(by & (by - 1)) && !mod)
			ir_alui(ir, IR_SHR, q, q, __builtin_ctzll(by));
		else if (!(by & (by - 1)) && fits32((int64_t)(by - 1)))
			ir_alui(ir, IR_AND, q, q, (int64_t)(by - 1));
		else if (fits32((int64_t)by))
			ir_alui(ir, op, q, q, (int64_t)by);
		else
			ir_alu(ir, op, q, q, constant(ir, (int64_t)by));
		if (!mod && i->imm < 0)
			ir_alui(ir, IR_XOR, sign, sign, -1);
	} else {
		int sign_b = sign_of(ir, i->b);

		ir_alu(ir, op, q, q, magnitude(ir, i->b, sign_b));
		if (!mod)
			ir_alu(ir, IR_XOR, sign, sign, sign_b);
	}
	ir_alu(ir, IR_XOR, q, q, sign);
	ir_alu(ir, IR_SUB, q, q, sign);
	ir_mov(ir, i->dst, q);
}

static void lower_alu(struct ir *ir, struct ins i)
{
	int t;

	if (i.b < 0 && i.imm == 0 && (i.sub == IR_UDIV || i.sub == IR_SDIV)) {
		ir_const(ir, i.dst, 0);
		return;
	}
	if (i.b < 0 && i.imm == 0 && (i.sub == IR_UMOD || i.sub == IR_SMOD)) {
		ir_mov(ir, i.dst, i.a);
		return;
	}
	if (i.sub == IR_SDIV || i.sub == IR_SMOD) {
		lower_signed_division(ir, &i);
		return;
	}
	if (i.b < 0 && (i.sub == IR_SHL || i.sub == IR_SHR || i.sub == IR_SAR))
		i.imm &= 63;
	if (i.b < 0 && !fits32(i.imm)) {
		i.b = constant(ir, i.imm);
		i.imm = 0;
	}
	if (i.b >= 0 && i.dst == i.b && i.a != i.b && !op_commutes(i.sub)) {
		t = ir_reg(ir);
		ir_alu(ir, i.sub, t, i.a, i.b);
		ir_mov(ir, i.dst, t);
		return;
	}
	ins_push(ir, i);
}

static void lower_extend(struct ir *ir, const struct ins *i)
{
	unsigned shift = 64 - 8 * i->size;

	if (!i->sub) {
		ins_push(ir, *i);
		return;
	}
	ir_alui(ir, IR_SHL, i->dst, i->a, shift);
	ir_alui(ir, IR_SAR, i->dst, i->dst, shift);
}

/*
 * A base moved to where an offset is short again.  It serves the accesses near
 * by until code comes that can be reached another way, or a call, over which it
 * is not worth a register.
 */
struct moved {
	int base, at, by; /* at = base + by; base is -1 where there is none */
};

#define NMOVED 4

struct lowering {
	struct ir *ir;
	struct moved moved[NMOVED];
	unsigned next; /* to be replaced */
};

static void forget_moved(struct lowering *l, int base)
{
	for (int k = 0; k < NMOVED; k++)
		if (base < 0 || l->moved[k].base == base)
			l->moved[k].base = -1;
}

static bool is_short(int64_t off)
{
	return off == (int16_t)off;
}

/* A moved base from which base + off is in reach. */
static const struct moved *move_base(struct lowering *l, int base, int off)
{
	struct moved *m;

	for (int k = 0; k < NMOVED; k++)
		if (l->moved[k].base == base && is_short((int64_t)off - l->moved[k].by))
			return &l->moved[k];
	m = &l->moved[l->next++ % NMOVED];
	*m = (struct moved){base, ir_reg(l->ir), off};
	ir_alui(l->ir, IR_ADD, m->at, base, off);
	return m;
}

static void lower_access(struct lowering *l, struct ins i)
{
	if (i.op == INS_STORE && i.b < 0) {
		if (i.size < 8)
			i.imm = (int32_t)i.imm;
		else if (!fits32(i.imm))
			i.b = constant(l->ir, i.imm);
	}
	if (i.a >= 0 && !is_short(i.off)) {
		const struct moved *m = move_base(l, i.a, i.off);

		i.a = m->at;
		i.off -= m->by;
	}
	ins_push(l->ir, i);
}

static void lower_atomic(struct lowering *l, struct ins i)
{
	int dst = i.dst;
	bool fetches = i.sub == IR_ATOMIC_FETCH_ADD || i.sub == IR_ATOMIC_XCHG;

	if (dst < 0 && i.sub == IR_ATOMIC_FETCH_ADD)
		i.sub = IR_ATOMIC_ADD;
	else if (fetches && (dst < 0 || dst == i.a))
		i.dst = ir_reg(l->ir);
	if (i.sub == IR_ATOMIC_ADD || i.sub == IR_ATOMIC_OR)
		i.dst = -1;
	lower_access(l, i);
	if (fetches && dst >= 0 && i.dst != dst)
		ir_mov(l->ir, dst, i.dst);
}

static void lower_ins(struct lowering *l, struct ins i)
{
	switch (i.op) {
	case INS_ALU:
		lower_alu(l->ir, i);
		break;
	case INS_EXTEND:
		lower_extend(l->ir, &i);
		break;
	case INS_LOAD:
	case INS_STORE:
		lower_access(l, i);
		break;
	case INS_ATOMIC:
		lower_atomic(l, i);
		break;
	case INS_BRANCH:
		if (i.b < 0 && !fits32(i.imm))
			i.b = constant(l->ir, i.imm);
		ins_push(l->ir, i);
		break;
	default:
		ins_push(l->ir, i);
	}
}

void lower(struct ir *ir)
{
	struct lowering l = {.ir = ir};

	forget_moved(&l, -1);
	ins_begin(ir);
	for (size_t n = 0; n < ir->old_n; n++) {
		const struct ins *i = &ir->old[n];

		lower_ins(&l, *i);
		if (i->op == INS_LABEL || ins_is_call(i))
			forget_moved(&l, -1);
		else if (i->dst >= 0)
			forget_moved(&l, i->dst);
	}
}
