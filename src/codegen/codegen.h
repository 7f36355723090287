/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Typed tree -> IR.  What the pipeline calls.
 *
 * codegen_new() takes the checked script; codegen_variables() decides how each
 * variable, key and string lies in memory (all clauses must be checked by then);
 * codegen_hook() generates one program; codegen_finish() gives the whole.
 */
#pragma once

#include "base/options.h"
#include "tree/tree.h"
#include "program/program.h"
#include "provider/fire.h"

struct codegen;

/* one_ring: every program is run by the consumer, one at a time: one ring does. */
struct codegen *codegen_new(struct script *s, const struct options *o,
			    struct clause *const *clauses, int nclauses, bool one_ring);

/*
 * One program for one hook: the ways of firing in order, each with the clauses
 * of its probe. 0, or -1 after a diagnostic.
 */
struct hook_fire {
	const struct fire *fire;
	struct probe *probe;
	struct clause **clauses;
	int nclauses;
};
int codegen_hook(struct codegen *cg, const struct hook *hook, enum role role,
		 struct probe *own_probe, struct hook_fire *fires, int nfires)
	__attribute__((warn_unused_result));

struct program *codegen_finish(struct codegen *cg);
void codegen_free(struct codegen *cg); /* takes NULL; codegen_finish() has done it */
int codegen_variables(struct codegen *cg) __attribute__((warn_unused_result));
