/* SPDX-License-Identifier: BSD-2-Clause */
/* What fold.c knows of registers, as simplify.c asks for it. Private to these two. */
#pragma once

#include "ir/ir_impl.h"

/*
 * op: INS_NOP nothing; an invariant (ref, off, imm as in the instruction);
 * INS_MOV a copy of src; INS_ALU src plus imm.  The last two hold while src has
 * the version it had.
 */
struct known {
	unsigned stretch;
	uint8_t op, bits; /* bits: 0 unknown */
	int ref, off, src;
	unsigned src_version;
	int64_t imm;
};

struct folder {
	struct ir *ir;
	struct arena *tmp;
	struct known *known; /* of each register, in this stretch */
	struct known *once;  /* of registers written once, everywhere */
	struct known nothing;
	bool *single; /* registers written once */
	unsigned *version, *nuses, *replaceable;
	unsigned stretch;
	size_t *label_at;
	size_t *real; /* of each old instruction: the first one from there that does something */
	int nlabels;  /* those that label_at knows */
	int *behind;  /* of each old instruction: number plus 1 of a label to place behind it */
	size_t at;
	bool counting, changed, reachable;
};

const struct known *fold_known(const struct folder *f, int r);
bool fold_constant(const struct folder *f, int r, int64_t *value);
unsigned fold_bits(const struct folder *f, int r);

/* simplify.c: true if it changed the instruction, which stays one instruction. */
bool simplify_ins(const struct folder *f, struct ins *i);
