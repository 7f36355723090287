/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

#include "tree/tree.h"

/* How a text without braces is to be read: -n name, -P provider, … fill the description from where
 * they say. */
enum parse_as {
	PARSE_PROGRAM,	/* -s, libraries */
	PARSE_NAME,	/* -n: descriptions with predicate and action optional */
	PARSE_PROVIDER, /* -P */
	PARSE_MODULE,	/* -m provider:module */
	PARSE_FUNCTION, /* -f provider:module:function */
	PARSE_ID,	/* -i */
};

/*
 * Adds the clauses, declarations, inlines, translators and pragmas of a text to
 * the script. Mistakes go to s->diag; what follows a mistake is parsed on from
 * the next clause. The source must live as long as the script.
 */
void parse_source(struct script *s, const struct source *src, enum parse_as as);
