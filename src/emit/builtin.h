/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A row of the built-in variables, subroutines and actions: its D prototype for
 * the checker, its code for the generator, and of an action what the consumer
 * does with its record.
 */
#pragma once

#include <stdbool.h>

#include "emit/object.h"
#include "program/program.h"

struct emit;
struct node;
struct script;
struct value;

enum builtin_kind {
	BUILTIN_VARIABLE,
	BUILTIN_SUBROUTINE, /* gives a value */
	BUILTIN_ACTION,	    /* a statement of its own; type void */
};

/* What an action has to do with speculations. */
enum speculation_part {
	SPECULATION_NONE,    /* it records */
	SPECULATION_BEGINS,  /* what follows is speculative; its code's value is the tag */
	SPECULATION_COMMITS, /* what was speculated counts */
};

struct builtin {
	const char *name;
	enum builtin_kind kind;
	/* D type of the value, as D spells it ("uint64_t", "string"); "void" for actions. */
	const char *returns;
	/*
	 * Types of the arguments as D spells them, comma separated, or one of:
	 * "any" (any value), "integer" (any integer), "pointer" (any pointer or
	 * integer), "string", "string or NULL", "format" (a string constant, checked as a printf
	 * format against what follows), "@" (an aggregation), "..." (any further
	 * values), "...@" (aggregations, at least one). An argument after
	 * '[' is optional: "any, [ integer". "" for none. NULL for variables.
	 */
	const char *args;
	/*
	 * Further checks; may change n->type. False after a diagnostic. NULL: none.
	 */
	bool (*check)(struct script *s, struct node *n);
	/* Variables and subroutines: *out is the value. Actions: out is NULL. */
	void (*code)(struct emit *e, struct node *n, struct value *out);
	enum rep rep; /* of a string that it gives */
	/* Of one in bytes: how many there are of it at most. NULL: as many as there may be. */
	uint32_t (*room)(struct emit *e, struct node *n);
	int which;	  /* for rows that share code */
	unsigned needs;	  /* bits of struct needs */
	bool destructive; /* changes the system: refused without option destructive */
	bool exits;	  /* no clause runs behind the one that it stands in */
	enum speculation_part speculation;
	struct action_type action; /* BUILTIN_ACTION */
};
