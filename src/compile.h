/* SPDX-License-Identifier: BSD-2-Clause */
/* The pipeline: D text in, loadable programs out. */
#pragma once

#include "base/options.h"
#include "lang/parse.h"
#include "program/program.h"
#include "provider/provider.h"

struct compile_input {
	const struct source *source;
	enum parse_as as;
	int matched; /* out: how many probes its descriptions match (each counted once per
			description) */
};

/*
 * Compiles all inputs as one program, which lives as long as the arena and the
 * types: its items' types are looked into when they are printed. Pragmas are
 * applied to *o; options given on the command line are already there and win. 0 and *out, or -1
 * with diagnostics in d.
 */
int compile(struct arena *a, struct types *ts, struct diag *d, struct probes *ps, struct options *o,
	    struct macro_args *m, struct compile_input *in, int nin, struct program **out)
	__attribute__((warn_unused_result));
