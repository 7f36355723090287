/* SPDX-License-Identifier: BSD-2-Clause */
/* What -l, -v and -S show: probes with their arguments and stability, and generated code. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "lang/parse.h"
#include "program/program.h"
#include "provider/provider.h"

struct listing_input {
	const struct source *source;
	enum parse_as as;
};

/*
 * Lists the probes that the descriptions of the texts match, in order; with no
 * text all there are. 0, or -1 after messages on stderr (the rest is listed
 * nevertheless) or with diagnostics in d.
 */
int listing_probes(struct arena *a, struct diag *d, struct probes *ps, struct macro_args *m,
		   const struct listing_input *in, int nin, bool verbose, FILE *out);
/* -v: the probes that a program enables. */
void listing_enabled(const struct program *p, FILE *out);
/* -S: the code of each hook. */
void listing_code(const struct program *p, FILE *out);
