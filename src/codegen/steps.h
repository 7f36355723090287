/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A clause in steps, for one that no single program holds: steps that follow one
 * another may stand in different programs, with what they share in the firing's
 * memory.
 */
#pragma once

#include "codegen/gen.h"

struct step {
	struct clause *clause;
	/* A statement; or a condition, of the if whose arms follow; NULL: the whole clause. */
	struct node *statement, *condition;
	uint32_t number;  /* of the if, as a fault names it */
	int depth;	  /* of ifs around it */
	int arm;	  /* of the innermost: 1 where its condition is true, else 0 */
	int run;	  /* statements with the same number record into one record */
	bool first, last; /* of the clause */
	bool records;
	bool speculates;  /* it is speculate(), alone in its run */
	bool speculative; /* and this is behind one */
};

struct steps {
	VEC(struct step) all;
};

/* The clause as one step. */
void steps_add_whole(struct steps *s, struct clause *c);
/* Step i, a whole clause, becomes as many as it has statements. False: there is but one. */
bool steps_break(struct steps *s, size_t i);
/* Memory for what steps share. */
uint32_t steps_memory(const struct steps *s);
/* Code for steps [from, to) of one clause; state: their memory. out: where exit() leads. */
void gen_steps(struct emit *e, const struct steps *s, size_t from, size_t to, uint32_t state,
	       int out);
