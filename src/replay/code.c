/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decoding: instructions one after the other to operations, then jumps, which
 * know their target as an instruction until all operations stand.
 *
 * An STEP_TURN stands where a jump leads back to: there, and nowhere else, the
 * machine counts whether a program ever ends.
 */
#include "replay/code.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/vec.h"
#include "replay/map.h"

#define NO_OP (-1)

struct decoder {
	const struct ir_code *source;
	const struct decoding *with;
	VEC(struct step) ops;
	VEC(uint32_t) insn;  /* of each operation */
	VEC(uint32_t) jumps; /* operations whose off is an instruction so far */
	int *first;  /* of each instruction: its first operation; the second half of one: -1 */
	bool *turn;  /* of each instruction: a jump leads back to it */
	int *map_of; /* of each instruction: the map it uses, or -1 */
	uint32_t at;
	char *why;
	size_t n;
	int err;
};

static void refuse(struct decoder *d, const char *what)
{
	if (d->err)
		return;
	d->err = -EOPNOTSUPP;
	snprintf(d->why, d->n, "instruction %u: %s", d->at, what);
}

static void put(struct decoder *d, struct step op)
{
	vec_push(&d->ops, op);
	vec_push(&d->insn, d->at);
}

static void put_jump(struct decoder *d, struct step op, int64_t target)
{
	if (target < 0 || target >= d->source->ninsns) {
		refuse(d, "jumps out of the program");
		return;
	}
	op.off = (int32_t)target;
	vec_push(&d->jumps, (uint32_t)d->ops.n);
	put(d, op);
}

static void decode_alu(struct decoder *d, const struct bpf_insn *i)
{
#define FORM(name) [BPF_##name >> 4] = STEP_##name##_K + 1,
	static const uint16_t first[16] = {OPS_ALU(FORM)};
#undef FORM
	bool narrow = BPF_CLASS(i->code) == BPF_ALU, by_register = BPF_SRC(i->code) == BPF_X;
	struct step op = {.dst = i->dst_reg, .src = i->src_reg, .imm = i->imm};
	int code = BPF_OP(i->code);

	if (code == BPF_NEG) {
		op.what = narrow ? STEP_NEG32 : STEP_NEG;
	} else if (code == BPF_END && narrow) {
		bool swap = by_register == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);

		op.what = i->imm == 16	 ? (swap ? STEP_SWAP16 : STEP_LOW16)
			  : i->imm == 32 ? (swap ? STEP_SWAP32 : STEP_LOW32)
			  : swap	 ? STEP_SWAP64
					 : STEP_NOTHING;
	} else if (first[code >> 4] && !i->off) {
		op.what = first[code >> 4] - 1 + by_register + 2 * narrow;
	} else {
		refuse(d, "arithmetic that the machine does not know");
	}
	if (narrow && !by_register)
		op.imm = (uint32_t)op.imm;
	if (!by_register && (code == BPF_LSH || code == BPF_RSH || code == BPF_ARSH) &&
	    (uint32_t)i->imm >= (narrow ? 32 : 64))
		refuse(d, "shifts by more than there are bits");
	if (!by_register && (code == BPF_DIV || code == BPF_MOD) && !i->imm)
		refuse(d, "divides by a constant 0");
	put(d, op);
}

static int size_index(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 0;
	case BPF_H:
		return 1;
	case BPF_W:
		return 2;
	default:
		return 3;
	}
}

static void decode_atomic(struct decoder *d, const struct bpf_insn *i)
{
	static const struct {
		int imm;
		enum step_kind what;
	} rows[] = {
		{BPF_ADD, STEP_ATOMIC_ADD_W},
		{BPF_OR, STEP_ATOMIC_OR_W},
		{BPF_AND, STEP_ATOMIC_AND_W},
		{BPF_XOR, STEP_ATOMIC_XOR_W},
		{BPF_ADD | BPF_FETCH, STEP_FETCH_ADD_W},
		{BPF_OR | BPF_FETCH, STEP_FETCH_OR_W},
		{BPF_AND | BPF_FETCH, STEP_FETCH_AND_W},
		{BPF_XOR | BPF_FETCH, STEP_FETCH_XOR_W},
		{BPF_XCHG, STEP_XCHG_W},
		{BPF_CMPXCHG, STEP_CMPXCHG_W},
	};
	struct step op = {.what = STEP_KINDS, .dst = i->dst_reg, .src = i->src_reg, .off = i->off};

	for (size_t k = 0; k < sizeof(rows) / sizeof(*rows); k++)
		if (rows[k].imm == i->imm)
			op.what = rows[k].what + (BPF_SIZE(i->code) == BPF_DW);
	if (op.what == STEP_KINDS || size_index(i->code) < 2)
		refuse(d, "an atomic operation that the machine does not know");
	put(d, op);
}

static void decode_memory(struct decoder *d, const struct bpf_insn *i)
{
	int kind = BPF_CLASS(i->code) == BPF_LDX  ? STEP_LDX_B
		   : BPF_CLASS(i->code) == BPF_ST ? STEP_ST_B
						  : STEP_STX_B;

	if (BPF_CLASS(i->code) == BPF_STX && BPF_MODE(i->code) == BPF_ATOMIC) {
		decode_atomic(d, i);
		return;
	}
	if (BPF_MODE(i->code) != BPF_MEM)
		refuse(d, "an access that the machine does not know");
	put(d, (struct step){.what = kind + 3 * size_index(i->code),
			     .dst = i->dst_reg,
			     .src = i->src_reg,
			     .off = i->off,
			     .imm = i->imm});
}

/* ld_imm64: a constant, a function, a map, or an address inside an array's first value. */
static void decode_wide(struct decoder *d, const struct bpf_insn *i)
{
	uint64_t value = (uint32_t)i->imm | (uint64_t)(uint32_t)i[1].imm << 32;
	int map = d->map_of[d->at];

	if (d->at + 1 >= d->source->ninsns || i->code != (BPF_LD | BPF_IMM | BPF_DW)) {
		refuse(d, "a load that the machine does not know");
		return;
	}
	if (i->src_reg == BPF_PSEUDO_FUNC) {
		put_jump(d, (struct step){.what = STEP_FUNCTION, .dst = i->dst_reg},
			 (int64_t)d->at + 1 + i->imm);
		return;
	}
	if (i->src_reg && (map < 0 || map >= d->with->nmaps)) {
		refuse(d, "a map that does not exist");
		return;
	}
	if (i->src_reg == BPF_PSEUDO_MAP_FD)
		value = (uintptr_t)&d->with->maps[map];
	else if (i->src_reg == BPF_PSEUDO_MAP_VALUE)
		value = (uintptr_t)d->with->maps[map].values + (uint32_t)i[1].imm;
	else if (i->src_reg)
		refuse(d, "a constant that the machine does not know");
	put(d, (struct step){.what = STEP_CONST, .dst = i->dst_reg, .imm = (int64_t)value});
}

static void decode_call(struct decoder *d, const struct bpf_insn *i)
{
	const struct helper *h;

	if (i->src_reg == BPF_PSEUDO_CALL) {
		put_jump(d, (struct step){.what = STEP_ENTER}, (int64_t)d->at + 1 + i->imm);
		return;
	}
	if (i->imm == BPF_FUNC_tail_call) {
		put(d, (struct step){.what = STEP_TAIL_CALL});
		return;
	}
	if (i->imm == BPF_FUNC_loop && !i->src_reg) {
		put(d, (struct step){.what = STEP_LOOP});
		return;
	}
	h = i->src_reg ? NULL : d->with->helper(i->imm);
	if (!h) {
		char what[64];

		snprintf(what, sizeof(what), "calls helper %d, which the machine does not have",
			 i->imm);
		refuse(d, what);
		return;
	}
	put(d, (struct step){.what = STEP_CALL, .src = h->nargs, .imm = (intptr_t)h->fn});
}

static void decode_jump(struct decoder *d, const struct bpf_insn *i)
{
#define FORM(name) [BPF_##name >> 4] = STEP_##name##_K + 1,
	static const uint16_t first[16] = {OPS_JUMP(FORM)};
#undef FORM
	bool narrow = BPF_CLASS(i->code) == BPF_JMP32;
	struct step op = {.dst = i->dst_reg, .src = i->src_reg, .imm = i->imm};
	int code = BPF_OP(i->code);

	if (code == BPF_CALL && !narrow) {
		decode_call(d, i);
	} else if (code == BPF_EXIT && !narrow) {
		put(d, (struct step){.what = STEP_EXIT});
	} else if (code == BPF_JA && !narrow) {
		op.what = STEP_JA;
		put_jump(d, op, (int64_t)d->at + 1 + i->off);
	} else if (first[code >> 4]) {
		op.what = first[code >> 4] - 1 + (BPF_SRC(i->code) == BPF_X) + 2 * narrow;
		put_jump(d, op, (int64_t)d->at + 1 + i->off);
	} else {
		refuse(d, "a jump that the machine does not know");
	}
}

static void decode_insn(struct decoder *d, const struct bpf_insn *i)
{
	if (i->dst_reg > 10 || (BPF_CLASS(i->code) != BPF_LD && i->src_reg > 10)) {
		refuse(d, "a register that does not exist");
		return;
	}
	switch (BPF_CLASS(i->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		decode_alu(d, i);
		break;
	case BPF_LD:
		decode_wide(d, i);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		decode_jump(d, i);
		break;
	default:
		decode_memory(d, i);
	}
}

static bool is_wide(const struct bpf_insn *i)
{
	return BPF_CLASS(i->code) == BPF_LD;
}

static void find_turns(struct decoder *d)
{
	for (uint32_t k = 0; k < d->source->ninsns; k++) {
		const struct bpf_insn *i = &d->source->insns[k];
		int class = BPF_CLASS(i->code), op = BPF_OP(i->code);
		int64_t target = (int64_t)k + 1 + i->off;

		if ((class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL && op != BPF_EXIT &&
		    target >= 0 && target <= k)
			d->turn[target] = true;
	}
}

static void resolve_jumps(struct decoder *d)
{
	for (size_t k = 0; k < d->jumps.n; k++) {
		struct step *op = &d->ops.at[d->jumps.at[k]];

		d->at = d->insn.at[d->jumps.at[k]];
		if (d->first[op->off] == NO_OP)
			refuse(d, "jumps into an instruction");
		op->off = d->first[op->off] - (int32_t)d->jumps.at[k];
	}
}

static void decode_all(struct decoder *d)
{
	find_turns(d);
	for (uint32_t k = 0; k < d->source->nuses; k++)
		d->map_of[d->source->uses[k].insn] = d->source->uses[k].map;
	for (; d->at < d->source->ninsns && !d->err; d->at++) {
		const struct bpf_insn *i = &d->source->insns[d->at];

		d->first[d->at] = (int)d->ops.n;
		if (d->turn[d->at])
			put(d, (struct step){.what = STEP_TURN});
		if (d->with->careful)
			put(d, (struct step){.what = STEP_CHECK, .imm = (intptr_t)i});
		decode_insn(d, i);
		if (is_wide(i))
			d->at++;
	}
	put(d, (struct step){.what = STEP_END});
	if (!d->err)
		resolve_jumps(d);
}

int code_decode(struct code *c, const struct ir_code *source, const struct decoding *with,
		char *why, size_t n)
{
	struct decoder d = {.source = source, .with = with, .why = why, .n = n};

	*c = (struct code){.source = source};
	d.first = malloc((source->ninsns + 1) * sizeof(*d.first));
	d.map_of = malloc((source->ninsns + 1) * sizeof(*d.map_of));
	d.turn = calloc(source->ninsns + 1, sizeof(*d.turn));
	if (d.first && d.map_of && d.turn) {
		memset(d.first, 0xff, (source->ninsns + 1) * sizeof(*d.first));
		memset(d.map_of, 0xff, (source->ninsns + 1) * sizeof(*d.map_of));
		decode_all(&d);
	} else {
		d.err = -ENOMEM;
	}
	free(d.first);
	free(d.map_of);
	free(d.turn);
	vec_free(&d.jumps);
	c->ops = d.ops.at;
	c->nops = d.ops.n;
	c->insn = d.insn.at;
	return d.err;
}

void code_free(struct code *c)
{
	vec_release(c->ops);
	vec_release(c->insn);
	*c = (struct code){0};
}
