/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program as the machine runs it: decoded once, so that running asks nothing
 * of an instruction but what it does.  Maps and helpers are addresses, jumps
 * know where they lead, and a 64-bit constant is one operation.
 */
#pragma once

#include "ir/ir.h"
#include "replay/step.h"

struct machine;
struct map;

typedef uint64_t helper_fn(struct machine *m, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
			   uint64_t e);

struct helper {
	int id; /* BPF_FUNC_* */
	const char *name;
	helper_fn *fn;
	int nargs;
};

struct step {
	uint16_t what; /* enum step_kind */
	uint8_t dst, src;
	int32_t off; /* in memory; of a jump: from this operation to where it leads */
	int64_t imm;
};

struct code {
	const struct ir_code *source;
	struct step *ops;
	uint32_t *insn; /* of each operation: which instruction it is */
	uint32_t nops;
};

struct decoding {
	struct map *maps; /* by the numbers of the code's uses */
	int nmaps;
	const struct helper *(*helper)(int id); /* NULL: there is none */
	bool careful; /* an STEP_CHECK before each instruction: see careful.c */
};

/* 0, or -errno with why: what the machine cannot run. */
int code_decode(struct code *c, const struct ir_code *source, const struct decoding *d, char *why,
		size_t n);
void code_free(struct code *c);
