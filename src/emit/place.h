/* SPDX-License-Identifier: BSD-2-Clause */
/* Places in memory and values, as code is made for them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "program/program.h"

enum space {
	SPACE_KERNEL, /* any kernel address: read with bpf_probe_read_kernel, may fault */
	SPACE_BTF,    /* a pointer the verifier knows as that kernel struct: loaded directly */
	SPACE_STACK,  /* base is a stack object */
	SPACE_MAP,    /* memory of a map's value */
};

struct place {
	enum space space;
	int base; /* register; SPACE_STACK: object */
	int off;
};

static inline struct place place_at(struct place base, int off)
{
	base.off += off;
	return base;
}

enum rep {
	REP_NONE,    /* not a string */
	REP_LITERAL, /* index into program.strings */
	REP_NAME,    /* 16 bytes in two registers: a kernel name; what follows its NUL is noise */
	REP_ADDR,    /* 16 bytes in two registers and a family; see struct item_addr */
	REP_SYMBOL,  /* a number in two registers, with what names it: see struct item_named */
	REP_CGROUP,
	REP_NETNS,
	REP_BYTES, /* memory, NUL-padded to its capacity */
};

/* Bytes of an address's text, with its NUL, rounded up. */
#define ADDR_TEXT 48

struct strrep {
	enum rep rep;
	uint32_t cap; /* bytes with the NUL, a multiple of 8; REP_LITERAL: of the longest it may be
		       */
};

enum value_kind { VALUE_INT, VALUE_STRING, VALUE_POINTER, VALUE_OBJECT, VALUE_STRUCT };

/* When a pointer or object is not NULL. */
enum nonnull { NONNULL_ALWAYS, NONNULL_NEVER, NONNULL_REG, NONNULL_EQUAL };

struct object;

struct value {
	enum value_kind kind;
	int reg; /* VALUE_INT; VALUE_POINTER: the address, -1 where it has none of its own */

	/* VALUE_POINTER, VALUE_STRUCT: where it points */
	struct place at;
	bool typed; /* SPACE_KERNEL, but the verifier knows the register as a pointer */
	enum nonnull nonnull;
	int null_reg; /* NONNULL_REG: not 0; NONNULL_EQUAL: equals null_eq */
	int64_t null_eq;

	const struct object *object; /* VALUE_OBJECT: emit/object.h */

	/* VALUE_STRING */
	struct strrep rep;
	int word[3];	    /* REP_LITERAL: [0]; REP_NAME: [0..1]; REP_ADDR: [0..1], family in [2];
			       those with a naming: [0..1] */
	int literal;	    /* REP_LITERAL known now: its index, else -1 */
	struct place bytes; /* REP_BYTES */
};

static inline void value_int(struct value *out, int reg)
{
	*out = (struct value){.kind = VALUE_INT, .reg = reg};
}

static inline void value_pointer(struct value *out, enum space space, int reg, bool may_be_null)
{
	*out = (struct value){
		.kind = VALUE_POINTER,
		.reg = reg,
		.at = {space, reg, 0},
		.nonnull = may_be_null ? NONNULL_REG : NONNULL_ALWAYS,
		.null_reg = reg,
	};
}

static inline void value_string(struct value *out, struct strrep rep)
{
	*out = (struct value){.kind = VALUE_STRING, .rep = rep, .literal = -1};
}
