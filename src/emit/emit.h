/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vocabulary of generated code: what the code generator, and the rows of
 * builtin/, agg/, provider/ and source/, say to make code.
 *
 * Invariants
 *  - An integer value sits in a virtual register, sign- or zero-extended to 64
 *    bits after its D type.  Registers of values are never written again.
 *  - A string travels in its own representation and is converted only where an
 *    operation asks for another (string.c).
 *  - What was loaded or computed once in a firing is not loaded again: the cache
 *    holds it as long as the code in which it was made dominates (cache.c).
 *
 * The state behind it is private to the files of emit/; each part of it is
 * written by one of them (emit_impl.h).
 */
#pragma once

#include "base/options.h"
#include "emit/place.h"
#include "program/program.h"
#include "tree/tree.h"

struct emit_state;

struct emit {
	struct ir *ir; /* of the program being generated */
	struct arena *arena;
	struct script *script; /* types and diagnostics */
	const struct options *options;
	struct program *program;
	const struct emit_calls *calls;
	void *generator; /* whose calls they are */
	struct emit_state *state;
};

/* What only the code generator above can do with the tree; the functions below pass it on. */
struct emit_calls {
	void (*expr)(struct emit *e, struct node *n, struct value *out);
	struct strrep (*rep)(struct emit *e, struct node *n);
	void (*string_as)(struct emit *e, struct node *n, struct strrep rep, struct value *out);
	int (*agg_def)(struct emit *e, struct aggregation *a);
	void (*arg)(struct emit *e, int i, struct value *out);
	const struct object *(*subject)(struct emit *e);
	void (*fire)(struct emit *e, const struct object *const *args, int nargs);
};

/* The value of an expression. */
void emit_expr(struct emit *e, struct node *n, struct value *out);
/* The register of an integer or pointer expression. */
int emit_int(struct emit *e, struct node *n);
/* The representation in which emit_expr() gives a string; a constant comes as REP_LITERAL. */
struct strrep emit_rep(struct emit *e, struct node *n);
/* A string expression in the representation asked for. */
void emit_string_as(struct emit *e, struct node *n, struct strrep rep, struct value *out);
/* args[i]. */
void emit_arg(struct emit *e, int i, struct value *out);
/* What a way hands on of the process that the event is about; NULL: it is the hook's task. */
const struct object *emit_subject(struct emit *e);
/* Index of an aggregation into program.aggs. */
int emit_agg_def(struct emit *e, struct aggregation *a);
/*
 * A way's code calls it where the probe fires: never, once, or more often. args:
 * the objects behind args[]; they and what they know are used up.
 */
void emit_fire(struct emit *e, const struct object *const *args, int nargs);

/* emit.c: begins a program, and a clause; what it is about. */
const struct probe *emit_probe(const struct emit *e);
const struct hook *emit_hook(const struct emit *e);
uint32_t emit_clause_id(const struct emit *e); /* DTrace's enabled probe id */
int emit_ctx(const struct emit *e);	       /* register: the program's context */
/* Reports once; the first failure makes the rest silent. loc {0}: the clause's. */
void emit_error(struct emit *e, struct loc at, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* once.c: the same all through a firing. */
int emit_time(struct emit *e); /* CLOCK_MONOTONIC */
int emit_cpu(struct emit *e);
int emit_tid(struct emit *e);
void emit_thread_is(struct emit *e, int reg); /* what emit_tid() gives from here on */
struct place emit_task(struct emit *e);	      /* struct task_struct that the event is about */
int emit_control(struct emit *e, unsigned offset, unsigned size); /* a field of struct control */
/* Whether there is a struct process in place of the kernel's current task; a field of it. */
bool emit_has_process(const struct emit *e);
int emit_process(struct emit *e, unsigned offset, unsigned size);

/* map.c */
int emit_map(struct emit *e, struct map_def def);
int emit_map_once(struct emit *e, struct map_def def);		/* one for each name */
int emit_map_lookup(struct emit *e, int map, struct place key); /* register: address or 0 */
/* A map of one element (of each CPU, in an array of that type): register with its address, perhaps
 * 0. */
int emit_map_only(struct emit *e, const char *name, enum bpf_map_type type, uint32_t size);
/* Adds or replaces; a failure counts as a loss of this kind (an offset in struct drops). */
void emit_map_update(struct emit *e, int map, struct place key, struct place value, unsigned drop);
/* A register: 0 if it was added, else it is there already, or the map is full. */
int emit_map_add(struct emit *e, int map, struct place key, struct place value);
int emit_map_delete(struct emit *e, int map, struct place key); /* register: 0 if it was there */
void emit_count_drop(struct emit *e, unsigned offset);		/* struct drops: ++ */
int emit_globals(struct emit *e, uint32_t off); /* register: address in the globals' map */
uint32_t emit_globals_room(struct emit *e, uint32_t size); /* the offset of so many bytes */
int emit_zeros(struct emit *e, uint32_t size);		   /* register: so many zeros in memory */

/* cache.c: what this firing has loaded. */
int emit_cached(struct emit *e, const void *tag); /* register or -1 */
void emit_cache(struct emit *e, const void *tag, int reg);
size_t emit_scope(struct emit *e); /* opens: code that may not run */
void emit_scope_end(struct emit *e, size_t mark);
/* A store went to what a pointer may lead to: memory behind pointers is read again. */
void emit_forget_loads(struct emit *e);
void emit_branch_point(struct emit *e); /* a branch of a condition follows */
void emit_leave_point(struct emit *e);	/* a branch out of the clause follows */
/* From here on, as far as this code reaches, the register is known not to be 0. */
void emit_note_nonnull(struct emit *e, int reg);
bool emit_is_nonnull(struct emit *e, int reg);

/* user_stack.c: addresses of the current process's stack, into zeros. */
void emit_user_stack(struct emit *e, struct place to, uint32_t size);

/* memory.c */
int emit_const(struct emit *e, int64_t v);
int emit_load(struct emit *e, struct place at, unsigned size, bool is_signed); /* may fault */
int emit_peek(struct emit *e, struct place at, unsigned size); /* reads 0 where it cannot */
int emit_load_bits(struct emit *e, struct place at, uint32_t bit_off, uint32_t bit_size,
		   bool is_signed, bool peek);
void emit_store(struct emit *e, struct place to, int reg, unsigned size); /* STACK or MAP */
void emit_zero(struct emit *e, struct place to,
	       uint32_t size); /* the same; on the stack up to a multiple of 8 */
void emit_copy(struct emit *e, struct place to, struct place from, uint32_t size); /* may fault */
int emit_address(struct emit *e, struct place at);   /* in a register */
int emit_number_of(struct emit *e, struct place at); /* the address to calculate with */

/* own.c: where a number points, if that is the program's own memory; else a fault */
struct place emit_own(struct emit *e, int addr, uint32_t size);
/* The same for as many bytes as a register says, which is below most, in the firing's memory. */
struct place emit_own_room(struct emit *e, int addr, int size, uint32_t most);

/* fault.c: if (reg cond imm) the clause ends with this fault (FLT_*). addr_reg: -1 for none. */
void emit_fault_if(struct emit *e, enum ir_cond cond, int reg, int64_t imm, int kind, int addr_reg);

/* field.c: members of the kernel's structs ("__sk_common.skc_state"), from BTF. */
struct field {
	uint32_t bit_offset, bit_size, size;
	bool is_signed;
	struct type *type;
};
/* One that is missing is an error that names it, and what needs it. */
struct field emit_field(struct emit *e, const char *tag, const char *path);
bool emit_has_field(struct emit *e, const char *tag, const char *path);
int emit_peek_field(struct emit *e, struct place base, const char *tag, const char *path);
bool emit_enumerator(struct emit *e, const char *name, int64_t *value);

/* scratch.c: memory until the clause's statement ends; on the stack or in scratch memory. */
struct place emit_room(struct emit *e, uint32_t size);
struct place emit_scratch_room(struct emit *e, uint32_t size); /* the same, not on the stack */
/* So many bytes behind what is in scratch memory may be accessed, to the verifier. */
void emit_room_behind(struct emit *e, uint32_t size);

/*
 * firing.c: what a source knows of an event goes on with the firing when its
 * clauses do not fit into one program. A carry function is called twice with an
 * object: where the probe fires it saves, in each later program it finds again.
 */
struct place emit_firing_room(struct emit *e, uint32_t size); /* memory until the firing ends */
/* Memory that is the firing's, with what is there (a map's value may go away). */
struct place emit_firing_copy(struct emit *e, struct place from, uint32_t size);
bool emit_resuming(const struct emit *e);		 /* in a later program */
void emit_carry_reg(struct emit *e, int *reg);		 /* a number; -1 stays */
void emit_carry_place(struct emit *e, struct place *at); /* of emit_firing_room() */
int emit_lost(const struct emit *e); /* label, in a later program: it was not found again */

/*
 * value.c, for the kernel's verifier, which walks the code behind a branch once
 * for each different state that it brings.
 *
 * emit_tested(): a register to test in place of this one, that lives on; in
 * large programs a copy, so that the test tells it nothing of the original.
 * emit_opaque(): a number that was put together on several paths, as one; in
 * large programs.
 */
bool emit_is_careful(const struct emit *e);
/* In the largest programs: the shorter of two ways, though it be the slower. */
bool emit_is_compact(const struct emit *e);
int emit_tested(struct emit *e, int reg);
int emit_opaque(struct emit *e, int reg);

/* value.c */
int emit_truth(struct emit *e, const struct value *v); /* register != 0 iff v is */
int emit_as_int(struct emit *e, const struct value *v);
int emit_convert(struct emit *e, int reg, struct type *from, struct type *to);
void emit_jump_null(struct emit *e, const struct value *v, int label, bool when_null);

/* string.c, text.c */
struct strrep rep_join(struct strrep a, struct strrep b);
uint32_t rep_size(struct strrep rep); /* bytes of an item */
int rep_words(struct strrep rep);     /* registers that hold it: none for bytes */
enum item_kind rep_item(struct strrep rep);
bool rep_is_ordered(struct strrep rep);	       /* its words compare as the text does */
uint32_t emit_text_size(const struct emit *e); /* bytes of a string at most, with its NUL */
struct strrep emit_bytes_rep(const struct emit *e, uint32_t n);
struct strrep emit_literal_rep(const struct emit *e, const char *text);
struct strrep emit_constant_rep(const struct emit *e, const char *text);
int emit_string_id(struct emit *e, const char *text); /* index into program.strings */
void emit_string_literal(struct emit *e, const char *text, struct value *out);
void emit_string_convert(struct emit *e, struct value *v, struct strrep rep);
void emit_string_store(struct emit *e, const struct value *v, struct place to); /* as an item */
void emit_string_load(struct emit *e, struct place from, struct strrep rep, struct value *out);
struct names *emit_names(struct emit *e); /* the program has them from here on */
/* A number (a register) that becomes its name where it is printed: REP_SYMBOL, ... */
void emit_string_named(struct emit *e, enum rep rep, int number, struct value *out);
/* Jumps to yes or no; both have one representation. */
void emit_string_compare(struct emit *e, enum op op, struct value *a, struct value *b, int yes,
			 int no);

/*
 * compute.c: strings that subroutines look at and make.  They are bytes in scratch
 * memory, and routines (routines/text.h) may read beyond them.
 */
struct text {
	struct place at;
	uint32_t cap; /* bytes, the rest behind the NUL all 0 */
};
uint32_t emit_text_cap(struct emit *e, struct node *n); /* of emit_text(): known before code is */
void emit_text(struct emit *e, struct node *n, struct text *out);
struct text emit_text_new(struct emit *e, uint32_t cap); /* "" */
struct place emit_text_room(struct emit *e, uint32_t size);
struct place emit_text_work(struct emit *e); /* a struct text_work */
int emit_text_mask(struct emit *e);
int emit_text_at(struct emit *e, struct place text, int index); /* the address of a byte of it */
int emit_text_call(struct emit *e, int routine, int nargs, const int *args);
#define EMIT_TEXT_CALL(e, routine, ...)                                                            \
	emit_text_call((e), (routine), sizeof((const int[]){__VA_ARGS__}) / sizeof(int),           \
		       (const int[]){__VA_ARGS__})
int emit_text_length(struct emit *e, struct place work, const struct text *t);
/* To a text that is "": the string at an address, or n bytes there (registers). */
void emit_text_copy(struct emit *e, const struct text *to, int from);
void emit_text_bytes(struct emit *e, const struct text *to, int from, int n);
/* What does not fit is cut off. */
void emit_text_join(struct emit *e, const struct text *a, const struct text *b, uint32_t cap,
		    struct text *out);
void emit_text_value(const struct text *t, struct value *out);

/* item.c: how values lie in records, keys and elements. */
struct item item_of(struct type *t, const struct strrep *rep); /* rep: of strings */
uint32_t item_align(const struct item *it);
/* Sets the items' offsets from off on; the end, a multiple of 8. */
uint32_t item_layout(struct item *items, int n, uint32_t off);
void emit_item_store(struct emit *e, const struct item *it, const struct value *v, struct place to);

/* record.c: what a clause records. */
uint32_t emit_record_room(struct emit *e, uint32_t size, uint32_t align);
struct place emit_record_at(struct emit *e, uint32_t off);
/* Evaluates an argument of an action into the record. */
void emit_record_value(struct emit *e, struct node *n, struct item *it);
/* What forms of output that name values call this one; NULL: nobody asks. */
const char *emit_item_name(struct emit *e, const struct node *n);
/* An action with the arguments from first on: values become items, aggregations go to aggs. */
struct action *emit_action(struct emit *e, struct node *call, struct node *first);
void emit_exit(struct emit *e); /* no clause runs from here on; the consumer is woken */
