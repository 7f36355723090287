/* SPDX-License-Identifier: BSD-2-Clause */
/* Clauses that do not fit into the program of their hook. */
#pragma once

#include "codegen/gen.h"

/*
 * What one program may hold.  The verifier follows 8,192 open branches at most
 * (BPF_COMPLEXITY_LIMIT_JMP_SEQ), a branch reaches 32,767 instructions, and a
 * program uses 64 maps.
 */
#define PROGRAM_INSNS 4000
#define CARELESS_INSNS 700 /* as long as that, what tests tell the verifier costs it little */
#define CARELESS_OPS 1400  /* more operations never come down to that */
#define PROGRAM_OPS 6000   /* operations before optimisation: enough to see that it will not fit */
#define PROGRAM_BRANCHES 7500
#define PROGRAM_MAPS 60

/* The ways of one hook. */
struct hook_work {
	const struct hook *hook;
	enum role role;
	struct hook_fire *fires;
	int nfires;
	struct loc loc;

	/* parts.c */
	struct firing_layout *layouts; /* of each fire */
	size_t *places;		       /* where each fires */
	int progs_map;
	size_t part_ops, calls;
	VEC(struct ir_code) parts; /* entries of progs_map: first one for each fire */
};

/* ir_finish(): 0, -E2BIG, or -1 after a diagnostic of what is a mistake of ours. */
int program_finish(struct codegen *cg, const struct hook_work *w, struct ir_code *code,
		   const char **why) __attribute__((warn_unused_result));

bool parts_fit(const struct ir_code *code);
void parts_begin(struct codegen *cg, struct hook_work *w);
/* Where a way fires: saves what it knows, and calls its first part. */
void parts_fire(struct emit *e, struct hook_fire *f, const struct object *const *args, int nargs);
/* The programs with the clauses. 0, or -1 after a diagnostic. */
int parts_make(struct codegen *cg, struct hook_work *w, struct hook_program *p);
