/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The code generator's inside: what its files share, and what the rows of
 * builtin/, agg/ and provider/ call to emit their code.
 *
 * Invariants
 *  - An integer value sits in a virtual register, sign- or zero-extended to 64
 *    bits after its D type.  Registers of values are never written again.
 *  - A string travels in its own representation and is converted only where an
 *    operation asks for another (see string.c).
 *  - What was loaded or computed once in a firing is not loaded again: the cache
 *    holds it as long as the code in which it was made dominates (cg_scope()).
 */
#pragma once

#include "agg/agg.h"
#include "base/strmap.h"
#include "base/vec.h"
#include "codegen/codegen.h"

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

enum rep {
	REP_LITERAL, /* index into program.strings */
	REP_NAME,    /* 16 bytes in two registers */
	REP_ADDR,    /* 16 bytes in two registers and a family; see struct item_addr */
	REP_BYTES,   /* memory, NUL-padded to its capacity */
};

struct strrep {
	enum rep rep;
	uint32_t cap; /* bytes with the NUL, a multiple of 8; REP_LITERAL: of the longest it may be
		       */
};

enum value_kind { VALUE_INT, VALUE_STRING, VALUE_POINTER, VALUE_OBJECT, VALUE_STRUCT };

/* When a pointer or object is not NULL. */
enum nonnull { NONNULL_ALWAYS, NONNULL_NEVER, NONNULL_REG, NONNULL_EQUAL };

struct value {
	enum value_kind kind;
	int reg; /* VALUE_INT; VALUE_POINTER: the address, -1 where it has none of its own */

	/* VALUE_POINTER, VALUE_STRUCT: where it points */
	struct place at;
	enum nonnull nonnull;
	int null_reg; /* NONNULL_REG: not 0; NONNULL_EQUAL: equals null_eq */
	int64_t null_eq;

	const struct native *native; /* VALUE_OBJECT */

	/* VALUE_STRING */
	struct strrep rep;
	int word[3]; /* REP_LITERAL: [0]; REP_NAME: [0..1]; REP_ADDR: [0..1], family in [2] */
	int literal; /* REP_LITERAL known now: its index, else -1 */
	struct place bytes; /* REP_BYTES */
};

/* How a variable lies in memory (symbol.place) and an aggregation (aggregation.place). */
struct native;

struct var_place {
	int map; /* globals: the shared one; arrays, thread-locals: their own; -1: a register or the
		    stack */
	uint32_t off;	    /* in the globals' value */
	int reg;	    /* this-> integers: in the current program */
	struct place bytes; /* this-> strings of bytes: in the current firing */
	int word[3];	    /* this-> strings in registers */
	uint32_t size;	    /* of the value in memory */
	struct strrep rep;  /* strings */
	bool rep_known;
	struct strrep key_rep[8];
	bool key_rep_known[8];
	struct item keys[8]; /* layout, offsets from 0 */
	uint32_t key_size;
};

#define KEYS_MAX 8
#define SCRATCH_LEVELS 8
#define STRINGS_MAX 1024 /* literals that can be looked up at run time; a power of two */

/* aggregation.place */
struct agg_reps {
	struct strrep rep[8];
	bool known[8];
	int def; /* index into program.aggs, -1: not yet */
};

/* One binding of an inline's parameter or a translator's identifier. */
struct binding {
	const struct symbol *sym;
	struct value value;
	struct strrep rep;
	struct binding *outer;
};

enum cached_kind { CACHED_LOAD, CACHED_CALL, CACHED_ELEMENT };

struct cached {
	enum cached_kind kind;
	enum space space;
	int base, off;
	unsigned size;
	const void *tag; /* CACHED_CALL: what; CACHED_ELEMENT: the variable */
	int keys[KEYS_MAX * 3];
	int nkeys;
	int reg;
};

struct codegen {
	struct arena *arena;
	struct script *script;
	struct diag *diag;
	const struct options *options;
	struct program *program;
	struct ir *ir;
	int failed; /* an internal or resource error was reported */

	struct clause *const *clauses; /* all, for codegen_variables() */
	int nclauses;

	VEC(struct map_def) maps;
	VEC(struct hook_program) programs;
	VEC(struct enabling) enablings;
	VEC(struct agg_def) aggs;
	VEC(const char *) strings;
	struct strmap *string_ids;
	uint32_t scratch_size; /* of the largest program's scratch memory */
	uint32_t zeros_size;   /* of the map of zeros that new aggregation elements start from */
	int globals_map, zeros_map, strings_map, scratch_map;
	bool one_ring;	   /* the records' map is a ring itself, not one ring for each CPU */
	bool strings_used; /* literals were looked up at run time */
	uint32_t globals_size;
	struct strmap *hook_maps; /* private maps of hooks, by name: index + 1 */

	/* the program being generated */
	const struct hook *hook;
	enum role role;
	struct hook_fire *fire; /* the one being emitted */
	int ctx;		/* register: the context */
	VEC(struct cached) cache;
	struct place key;  /* where keys are built, one after the other */
	uint32_t key_room; /* its size so far */
	int scratch;	   /* register: this program's scratch memory, see scratch.c */
	uint32_t scratch_used,
		scratch_need; /* bytes of it: in use by the clause, by the first pass at the most */
	void *event;	      /* the provider's: what the hook knows of this event */
	bool measuring;	      /* first of two passes: nothing of it is kept */
	int header_obj, l4_obj; /* stack objects with copies of the packet's headers, -1: none */
	uint32_t header_bytes,
		l4_bytes; /* how much of the headers the clauses read: found by the first pass */
	uint32_t attach_btf_id;
	bool useful;	   /* the program does something: one with notes only may turn out not to */
	bool wants_rnxt;   /* the clauses read tcps_rnxt: found by the first pass */
	bool wants_cookie; /* an earlier program reads cookies that another hook must make */
	struct probe *own_probe; /* of a program that belongs to one probe: BEGIN, tick-1s */

	/* the clause being generated */
	struct binding *bindings;
	struct probe *probe;
	int fault_label, end_label;
	int fault_kind, fault_addr; /* registers */
	bool fault_used;
	long branch_mark; /* cache entries below were made before the first branch of the condition
			     at hand; -1: none yet */
	long leave_mark;  /* cache entries below are good for the next clause; -1: all */
	bool unused;	  /* the value of the expression statement at hand: nobody asks for it */
	int statement;	  /* index of the current one, from 1 */
	struct clause *clause;
	int epid;		  /* of the enabling being filled, -1: none */
	uint32_t clause_id;	  /* enabled probe id */
	bool recording;		  /* a record is open */
	bool exits, exits_clause; /* the record, the clause calls exit() */
	int record;		  /* register: the reserved record, 0 if none */
	uint32_t record_off;
	VEC(struct action) actions;
	VEC(uint32_t) record_sizes; /* of the program's records in order, from the first pass */
	size_t segment;		    /* the next of them */
};

/* program.c */
void cg_clauses(struct codegen *cg); /* emits the clauses of cg->fire for one firing */
int cg_map(struct codegen *cg, struct map_def def);
int cg_hook_map(struct codegen *cg, struct map_def def); /* once per name */
void cg_error(struct codegen *cg, struct loc at, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int cg_string_id(struct codegen *cg, const char *text);
void cg_leave_point(struct codegen *cg);  /* a branch out of the clause follows */
void cg_branch_point(struct codegen *cg); /* a branch of a condition follows */
size_t cg_condition(struct codegen *cg, struct node *n,
		    int no); /* jumps to no unless n; the cache mark that holds on both sides */
size_t cg_scope(struct codegen *cg); /* opens: code that may not run */
void cg_scope_end(struct codegen *cg, size_t mark);
int cg_control(struct codegen *cg, unsigned offset,
	       unsigned size);				 /* loads a field of struct control */
void cg_count_drop(struct codegen *cg, unsigned offset); /* struct drops: ++ */

/* memory.c */
int cg_load(struct codegen *cg, struct place at, unsigned size,
	    bool is_signed);					 /* fault: ends the clause */
int cg_peek(struct codegen *cg, struct place at, unsigned size); /* reads 0 where it cannot */
int cg_load_bits(struct codegen *cg, struct place at, uint32_t bit_off, uint32_t bit_size,
		 bool is_signed, bool peek);
void cg_fault_if(struct codegen *cg, enum ir_cond cond, int reg, int64_t imm, int kind,
		 int addr_reg);
void cg_note_nonnull(struct codegen *cg, int reg);
bool cg_is_nonnull(struct codegen *cg, int reg);
int cg_address(struct codegen *cg, struct place at);   /* in a register */
int cg_number_of(struct codegen *cg, struct place at); /* the address as a number */
void cg_copy(struct codegen *cg, struct place to, struct place from,
	     uint32_t size); /* to STACK or MAP; fault: ends the clause */
/* Offset of a kernel struct's member ("__sk_common.skc_state"); 0 and a diagnostic if there is
 * none. */
struct field {
	uint32_t bit_offset, bit_size, size;
	bool is_signed;
	struct type *type;
};
struct field cg_field(struct codegen *cg, const char *tag, const char *path);
bool cg_has_field(struct codegen *cg, const char *tag, const char *path);
int cg_peek_field(struct codegen *cg, struct place base, const char *tag, const char *path);
struct place cg_place_at(struct place base, int off);
int cg_const(struct codegen *cg, int64_t v);
int cg_cached_call(struct codegen *cg, const void *tag); /* register or -1 */
void cg_cache_call(struct codegen *cg, const void *tag, int reg);

void cg_store(struct codegen *cg, struct place to, int reg, unsigned size); /* STACK or MAP */
void cg_zero(struct codegen *cg, struct place to, uint32_t size); /* size a multiple of 8 */

/* scratch.c */
struct place cg_room(struct codegen *cg, uint32_t size); /* memory until the clause ends */
void cg_scratch_take(struct codegen *cg,
		     int busy); /* at the program's start; jumps to busy if there is none left */
void cg_scratch_give(struct codegen *cg);

/* expr.c */
void cg_expr(struct codegen *cg, struct node *n, struct value *out);
int cg_int(struct codegen *cg, struct node *n); /* register of an integer or pointer expression */
void cg_branch(struct codegen *cg, struct node *n, int label, bool when);
int cg_truth(struct codegen *cg, const struct value *v); /* register != 0 iff v is */
int cg_as_int(struct codegen *cg, const struct value *v);
int cg_convert(struct codegen *cg, int reg, struct type *from, struct type *to);
int cg_arith(struct codegen *cg, enum op op, int a, int b, struct type *type, int64_t b_const);
int64_t cg_divisor(const struct node *n, struct type *common);
void cg_value_int(struct value *out, int reg);
void cg_value_pointer(struct value *out, enum space space, int reg, bool may_be_null);
void cg_jump_null(struct codegen *cg, const struct value *v, int label, bool when_null);

/* member.c */
void cg_member(struct codegen *cg, struct node *n, struct value *out);
void cg_lvalue(struct codegen *cg, struct node *n, struct value *out); /* VALUE_STRUCT: its place */
void cg_load_value(struct codegen *cg, struct place at, struct type *t, uint32_t bit_offset,
		   uint32_t bit_size, struct value *out);
void cg_arg(struct codegen *cg, struct node *n, struct value *out);
struct binding *cg_binding(struct codegen *cg, const struct symbol *sym);

/* string.c */
struct strrep cg_rep(struct codegen *cg, struct node *n);
struct strrep cg_rep_join(struct strrep a, struct strrep b);
void cg_string_as(struct codegen *cg, struct node *n, struct strrep rep, struct value *out);
void cg_string_convert(struct codegen *cg, struct value *v, struct strrep rep);
void cg_string_literal(struct codegen *cg, const char *text, struct value *out);
void cg_string_compare(struct codegen *cg, enum op op, struct node *a, struct node *b, int label,
		       bool when);
void cg_string_store(struct codegen *cg, const struct value *v, struct place to); /* in item form */
void cg_string_load(struct codegen *cg, struct place from, struct strrep rep, struct value *out);
uint32_t cg_rep_size(struct strrep rep); /* in memory, as an item */
int cg_rep_words(struct strrep rep);
enum item_kind cg_rep_item(struct strrep rep);

/* variable.c */
int codegen_variables(struct codegen *cg);
void cg_variable(struct codegen *cg, struct node *n, struct value *out);
void cg_assign(struct codegen *cg, struct node *n, struct value *out);
void cg_increment(struct codegen *cg, struct node *n, struct value *out);
void cg_this_reset(struct codegen *cg);

struct agg_reps *cg_agg_reps(struct codegen *cg, struct aggregation *a);
struct place cg_key_place(struct codegen *cg, uint32_t size); /* where keys are built */

/* key.c */
struct key_value {
	struct value value[KEYS_MAX];
	int n;
};
uint32_t cg_key_layout(struct item *items, int n, uint32_t off);
void cg_key_store(struct codegen *cg, const struct item *items, const struct key_value *k,
		  uint32_t key_size, struct place to, uint32_t from);

/* action.c */
int cg_time(struct codegen *cg);
int cg_cpu(struct codegen *cg);
int cg_reserve(struct codegen *cg, uint32_t size, unsigned drop, int full, int cpu);
void cg_body(struct codegen *cg, struct node *body);
void cg_default_action(struct codegen *cg);
bool cg_records(struct node *n);
void cg_segment_end(struct codegen *cg);
void cg_record_value(struct codegen *cg, struct node *n, struct item *it);
struct action *cg_action(struct codegen *cg, enum action_kind kind, struct node *call,
			 struct node *first);

/* aggregate.c */
void cg_aggregate(struct codegen *cg, struct node *n);
int cg_agg_def(struct codegen *cg, struct aggregation *a);
