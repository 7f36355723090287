/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "tree/tree.h"
#include "provider/provider.h"

/*
 * Checks one clause for the probes it enables (all with the same arguments;
 * args describes those, nargs < 0 where the probe has none). Resolves names,
 * types every expression, picks translators, folds constants; declares
 * variables and aggregations at their first assignment. Mistakes go to s->diag.
 *
 * To be called for all clauses of a script in order before code is generated
 * for any: only then are the types of all variables known.
 */
void check_clause(struct script *s, struct clause *c, const struct probe_arg *args, int nargs);

/* After the last clause: variables read and never assigned, aggregations printed and never
 * aggregated. */
void check_finish(struct script *s);
