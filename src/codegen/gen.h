/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The code generator's inside: what its files share.
 *
 *	program.c	programs: one for each hook, more where it is not enough
 *	parts.c	steps.c	clauses that do not fit into it
 *	clause.c	clauses and statements
 *	expr.c member.c	expressions
 *	string.c	expressions that are strings
 *	layout.c	how variables, keys and strings lie in memory: before any code
 *	variable.c	reading and assigning variables
 *	element.c	those that are elements of maps
 *	data.c		values in memory, and stores into it
 *	tuple.c		keys
 *	aggregate.c	aggregations
 *	need.c		what clauses need of an event: before any code
 */
#pragma once

#include "base/vec.h"
#include "codegen/codegen.h"
#include "emit/emit_program.h"

/* How a string may come: grows with what is assigned. */
struct rep_known {
	struct strrep rep;
	bool known;
};

/* How a variable lies in memory (symbol.place). */
struct var_place {
	int map;	      /* arrays, thread-locals */
	uint32_t off;	      /* in the globals' value; this-> variables: in the firing's memory */
	int reg;	      /* this-> integers: in the current program */
	struct place bytes;   /* this-> strings of bytes, and what is as in C: in this firing */
	int word[3];	      /* this-> strings in registers */
	uint32_t size;	      /* of the value in memory */
	bool as_in_c;	      /* it lies there as C lays it out; this->: always in memory */
	struct rep_known rep; /* strings */
	struct rep_known *key_rep; /* of each key */
	struct item *keys;	   /* layout, offsets from 0 */
	uint32_t key_size;
	uint32_t id; /* in a map that several variables share: the key begins with it; 0: alone */
};

/* How an aggregation lies in memory (aggregation.place). */
struct agg_place {
	struct rep_known *key_rep;
	int def; /* index into program.aggs, -1: not yet */
};

/* One binding of an inline's parameter or a translator's identifier. */
struct binding {
	const struct symbol *sym;
	struct value value;
	struct strrep rep;
	struct binding *outer;
};

/* A tuple of values: of a key. A long one is stored as it is made, not to be held in registers. */
struct tuple {
	struct value *value;
	int n;
	bool stored;
	struct place key; /* stored: the whole key; what is before the values is the caller's */
};

/* How a key lies in memory. */
struct key_layout {
	struct type *const *types;
	const struct rep_known *reps; /* of strings */
	const struct item *items;
	int n;
	uint32_t head, size; /* bytes before the values; in all, a multiple of 8 */
};

struct codegen {
	struct emit *e;
	struct arena *arena;
	struct script *script;
	struct clause *const *clauses; /* all */
	int nclauses;
	VEC(struct hook_program) programs;

	/* layout.c */
	uint32_t this_size; /* bytes of this-> variables, where they lie in memory */
	uint32_t this_at;   /* and where in the firing's memory */
	VEC(struct shared_map) shared;

	/* program.c: what is being made */
	struct hook_fire *fire;
	const struct object *const *args;
	int nargs;
	struct hook_work *work;
	bool too_large; /* more than one program holds */

	struct binding *bindings; /* member.c, variable.c */
};

static inline struct codegen *gen(const struct emit *e)
{
	return e->generator;
}

/* clause.c */
void gen_clause(struct emit *e, struct clause *c, int out); /* out: where exit() leads */
void gen_predicate(struct emit *e, const struct clause *c, int end);
void gen_statement(struct emit *e, struct node *n, int end); /* end: of the clause */
void gen_exit_check(struct emit *e, int out);
bool gen_exits(const struct node *n);	/* list of statements */
bool gen_is_exit(const struct node *n); /* the statement itself */
/* A statement whose record is lost, of those that exit() is among: what it does else. False: it is
 * exit(), and control went to end. */
bool gen_unrecorded(struct emit *e, struct node *n, int end);
bool gen_records(const struct node *n); /* the statement, or any in its arms */
bool gen_list_records(const struct node *n);
bool gen_speculates(const struct node *n); /* the statement is speculate() */
/* It: a register with the tag; where there is no such speculation the clause has ended. */
int gen_speculate(struct emit *e, struct node *n);
/* Jumps to no unless n; the cache mark that holds on both sides. */
size_t gen_condition(struct emit *e, struct node *n, int no);

/* expr.c */
void gen_expr(struct emit *e, struct node *n, struct value *out);
void gen_branch(struct emit *e, struct node *n, int label, bool when);
int gen_arith(struct emit *e, enum op op, int a, int b, struct type *type, int64_t b_const);
int64_t gen_divisor(const struct node *n, struct type *common);

/* member.c */
void gen_member(struct emit *e, struct node *n, struct value *out);
void gen_lvalue(struct emit *e, struct node *n, struct value *out); /* VALUE_STRUCT: its place */
/* The same for a store: memory of the program's own. */
struct place gen_lvalue_to_write(struct emit *e, struct node *n);
/* The place as one that may be left, by arithmetic. */
struct place gen_beyond(struct emit *e, struct place at);
void gen_load_value(struct emit *e, struct place at, struct type *t, uint32_t bit_offset,
		    uint32_t bit_size, struct value *out);
void gen_arg(struct emit *e, int i, struct value *out);
const struct object *gen_subject(struct emit *e); /* NULL: the hook's task */
struct binding *gen_binding(const struct emit *e, const struct symbol *sym);

/* string.c */
struct strrep gen_rep(struct emit *e, struct node *n);
/* The member of a source that the node reads; NULL if it reads something else. */
const struct source_member *gen_source_member(const struct node *n);
/* Through casts: the node is an integer constant; that it is 0. */
bool gen_constant(const struct node *n, int64_t *value);
bool gen_is_zero(const struct node *n);
void gen_string_as(struct emit *e, struct node *n, struct strrep rep, struct value *out);
void gen_character(struct emit *e, struct node *n, struct value *out);
void gen_string_compare(struct emit *e, enum op op, struct node *a, struct node *b, int label,
			bool when);

/* layout.c */
struct var_place *gen_place(const struct symbol *sym);
struct agg_place *gen_agg_place(struct emit *e, struct aggregation *a);
struct strrep gen_known_rep(const struct rep_known *r); /* "" where nothing is assigned */

/* variable.c */
void gen_variable(struct emit *e, struct node *n, struct value *out);
/* The memory of one that is as in C. write: to be stored into, an element is made. */
struct place gen_variable_at(struct emit *e, struct node *n, bool write);
/* unused: nobody asks for the value */
void gen_assign(struct emit *e, struct node *n, bool unused, struct value *out);
void gen_increment(struct emit *e, struct node *n, bool unused, struct value *out);
void gen_this_begin(struct emit *e); /* this-> variables begin each firing empty */

/* element.c */
bool element_is(const struct symbol *sym); /* an array's, or self-> */
struct key_layout element_key_layout(const struct symbol *sym);
void element_read(struct emit *e, const struct symbol *sym, const struct tuple *t,
		  struct value *out);
/* right: the expression, if it is assigned as it is. */
void element_assign(struct emit *e, struct symbol *sym, const struct tuple *t, struct node *right,
		    const struct value *v);
/* Where it lies; zeros where there is none. */
struct place element_at(struct emit *e, const struct symbol *sym, const struct tuple *t);
struct place element_to_write(struct emit *e, const struct symbol *sym, const struct tuple *t);

/* data.c */
bool data_is_text(const struct symbol *sym);
bool data_is_composite(struct type *t);					/* struct, union, array */
void data_number(const struct symbol *sym, int reg, struct value *out); /* of its type */
void data_read(struct emit *e, const struct symbol *sym, struct place at, struct value *out);
void data_write(struct emit *e, const struct symbol *sym, struct place at, const struct value *v);
/* The value of right, as it is stored into target. */
void data_value(struct emit *e, struct node *target, struct node *right, struct value *out);
void data_store(struct emit *e, struct place at, struct type *t, uint32_t bit_offset,
		uint32_t bit_size, const struct value *v);
/* Assignments to places in memory. */
void data_assign(struct emit *e, struct node *n, struct value *out);
void data_increment(struct emit *e, struct node *n, int64_t step, bool post, struct value *out);

/* tuple.c */
/* Evaluates a tuple. */
void gen_tuple(struct emit *e, struct node *args, const struct key_layout *k, struct tuple *out);
/* The key in memory; its head is the caller's. */
struct place gen_tuple_key(struct emit *e, const struct key_layout *k, const struct tuple *t);

/* aggregate.c */
void gen_aggregate(struct emit *e, struct node *n);
int gen_agg_def(struct emit *e, struct aggregation *a);
