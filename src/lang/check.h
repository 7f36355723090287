/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "emit/builtin.h"
#include "tree/tree.h"

/* The arguments of the probes that a clause enables, the same for all of them: types in D's
 * spelling. */
struct check_args {
	const char *const *stable;  /* what the script sees: "ipinfo_t *" */
	const char *const *natives; /* what the probe's way to fire has; NULL: the same */
	int n;			    /* < 0: they are not typed */
};

/*
 * Checks one clause for the probes it enables. Resolves names,
 * types every expression, picks translators, folds constants; declares
 * variables and aggregations at their first assignment. Mistakes go to s->diag.
 *
 * To be called for all clauses of a script in order before code is generated
 * for any: only then are the types of all variables known.
 */
void check_clause(struct script *s, struct clause *c, struct check_args args);

/*
 * The same for a clause that no probe fires: what it defines exists. One that reads args[], which
 * nobody knows, defines nothing that depends on it, and that is no mistake.
 */
void check_unmatched_clause(struct script *s, struct clause *c);

/* Whether the script may call what this row has; false after an error. */
bool check_permitted(struct script *s, const struct builtin *b, struct loc at);

/* After the last clause: variables read and never assigned, aggregations printed and never
 * aggregated. */
void check_finish(struct script *s);
