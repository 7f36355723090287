/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Typed tree -> BPF programs.  What the pipeline calls.
 *
 * codegen_new() takes the checked script; codegen_variables() decides how each
 * variable, key and string lies in memory (all clauses must be checked by then);
 * codegen_hook() generates the programs of one hook; codegen_finish() gives the
 * whole.
 */
#pragma once

#include "base/options.h"
#include "program/program.h"
#include "provider/provider.h"
#include "source/source.h"
#include "tree/tree.h"

struct codegen;

/* one_ring: every program is run by the consumer, one at a time: one ring does. */
struct codegen *codegen_new(struct script *s, const struct options *o,
			    struct clause *const *clauses, int nclauses, bool one_ring);

/* What the clauses need of the event that fires them: adds to *out. */
void codegen_needs(struct clause *const *clauses, int n, struct needs *out);

int codegen_variables(struct codegen *cg) __attribute__((warn_unused_result));

/* A way of a probe's to fire, with the probe's clauses. */
struct hook_fire {
	const struct way *way;
	const struct probe *probe;
	struct clause **clauses;
	int nclauses;
	struct needs needs;
};

/*
 * One hook: the ways of firing in order. own_probe: of a program that belongs to
 * one probe, else NULL. 0, or -1 after a diagnostic.
 */
int codegen_hook(struct codegen *cg, const struct hook *hook, enum role role,
		 struct probe *own_probe, struct hook_fire *fires, int nfires)
	__attribute__((warn_unused_result));

struct program *codegen_finish(struct codegen *cg);
void codegen_free(struct codegen *cg); /* takes NULL; codegen_finish() has done it */
