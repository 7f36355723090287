/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the passes of the back end share.  The order of the passes is in
 * finish.c; each pass's file says what it needs and what it leaves.
 *
 * The program is one array of instructions.  Passes that insert write a new
 * array (ins_begin, ins_push, ins_end); those that delete write INS_NOP and let
 * ins_compact() close the gaps.
 */
#pragma once

#include "base/arena.h"
#include "ir/ir.h"

enum ins_op {
	INS_NOP,
	INS_LABEL,	/* ref: label */
	INS_COMMENT,	/* text */
	INS_ENTRY,	/* dst = the context; always the first instruction, if there at all */
	INS_MOV,	/* dst = a */
	INS_CONST,	/* dst = imm */
	INS_STACK_ADDR, /* dst = address of object ref, plus off */
	INS_MAP,	/* dst = map ref */
	INS_MAP_VALUE,	/* dst = address in the value of map ref, plus off */
	INS_ALU,	/* dst = a sub b, or imm where b is -1 */
	INS_NEG,
	INS_FRESH,  /* dst = a, and the verifier forgets that */
	INS_EXTEND, /* size bytes; sub: signed */
	INS_SWAP,
	INS_LOAD,	  /* dst = [a + off], or object ref where a is -1 */
	INS_STORE,	  /* [a + off] = b, or imm where b is -1; object ref where a is -1 */
	INS_ATOMIC,	  /* sub; dst, a: base, b: operand, c: expected */
	INS_JUMP,	  /* ref: label */
	INS_BRANCH,	  /* if (a sub b) goto ref; imm where b is -1 */
	INS_RET,	  /* imm */
	INS_CALL,	  /* ref: helper */
	INS_CALL_SUPPORT, /* ref: routine */
	INS_CALL_ONWARD,  /* context, map of programs, index */
};

/* A call's argument: a register, or (v is -1) something made anew in place. */
struct arg {
	int v;
	uint8_t op; /* INS_CONST, INS_STACK_ADDR, INS_MAP, INS_MAP_VALUE */
	int ref, off;
	int64_t imm;
};

struct ins {
	uint8_t op, sub, size, nargs;
	int dst, a, b, c;
	int ref, off;
	union {
		int64_t imm;
		struct arg *args; /* of a call */
		const char *text; /* of a comment */
	};
};

/*
 * What a register is to the allocator.  A whole one that finds no machine
 * register goes to memory (or is made anew at each use) and is accessed through
 * parts, each valid between two calls; a part that finds none is replaced by
 * atoms around one instruction, which always find one.
 */
enum level { LEVEL_WHOLE, LEVEL_PART, LEVEL_ATOM };
enum where { IN_REG, IN_MEMORY, MADE_ANEW };

struct vreg {
	uint8_t level, where;
	int origin;		/* of a part or atom: the register it stands for */
	const struct arg *made; /* MADE_ANEW: how */
};

struct object {
	unsigned size;
	int offset; /* from r10, negative; 0 while unplaced or unused */
};

struct ir {
	struct arena *arena; /* outlives the compilation of this program */
	struct arena *tmp;   /* gone when ir_finish() returns */
	struct ins *ins;
	size_t n, cap;
	struct ins *old; /* between ins_begin() and ins_end() */
	size_t old_n, old_cap;
	struct vreg *vregs;
	size_t nvregs, vreg_cap;
	struct object *objects;
	size_t nobjects, object_cap;
	bool *placed;
	size_t nlabels, label_cap;
	int ctx;       /* register of INS_ENTRY, or -1 */
	int drops_map; /* -1 before ir_onward_setup() */
	unsigned drops_counter;
	int error;
	const char *why;
};

#define NREGS 10       /* r0..r9; r10 is the frame */
#define CALLER_SAVED 6 /* r0..r5 do not survive a call */

/* ir.c */
struct ins *ins_push(struct ir *ir, struct ins i); /* 0 for an operand is none: no register is 0 */
void ins_begin(struct ir *ir);
void ins_compact(struct ir *ir);
void ir_fail(struct ir *ir, int error, const char *why);
#define PUSH(ir, ...) ins_push((ir), (struct ins){__VA_ARGS__})

/* query.c */
struct use {
	int *reg;
	bool late; /* still read when the result is written */
};
unsigned ins_uses(struct ins *i, struct use use[static 8]);
bool ins_pure(const struct ins *i);
bool ins_is_call(const struct ins *i);
bool op_is_invariant(uint8_t op);
bool ins_ends_flow(const struct ins *i);
bool ins_jumps(const struct ins *i);
bool fits32(int64_t v);
bool op_commutes(unsigned op);
uint64_t alu_eval(enum ir_op op, uint64_t a, uint64_t b);
bool cond_eval(enum ir_cond cond, uint64_t a, uint64_t b);
enum ir_cond cond_swap(enum ir_cond cond); /* a cond b == b swapped a */
size_t *label_positions(struct ir *ir, struct arena *tmp);
unsigned *loop_depths(struct ir *ir, struct arena *tmp); /* of each instruction, capped */

/* The passes. Those that are bool say whether they changed anything. */
bool fold_values(struct ir *ir);
bool clean_flow(struct ir *ir);
size_t *next_real(const struct ins *ins, size_t n, struct arena *tmp); /* flow.c */
bool remove_dead(struct ir *ir);
void lower(struct ir *ir);

/* live.c: positions are 2*i for the reads of instruction i, 2*i+1 for its write, 2*i+2 for a call's
 * result. */
struct range {
	unsigned from, to; /* to is exclusive */
	struct range *next;
};

struct liveness {
	struct range **ranges; /* of each register, ascending */
	unsigned npositions;
};

/* Also deletes what turns out dead, and gives an initial 0 to what may be read unset. */
void live_compute(struct ir *ir, struct liveness *live, struct arena *tmp);
unsigned ins_def_position(const struct ins *i, size_t at);

/* Sets of positions, one bit each. */
struct posset {
	uint64_t *words;
};
void posset_init(struct posset *s, unsigned npositions, struct arena *tmp);
void posset_add(struct posset *s, unsigned from, unsigned to);
bool posset_meets(const struct posset *s, unsigned from, unsigned to);
void posset_add_ranges(struct posset *s, const struct range *r);
bool posset_meets_ranges(const struct posset *s, const struct range *r);

/* split.c, coalesce.c, alloc.c, spill.c, frame.c, emit.c, jump.c */
void split_ranges(struct ir *ir, struct liveness *live, struct arena *tmp);
void coalesce(struct ir *ir, struct liveness *live, struct arena *tmp);
bool allocate(struct ir *ir, struct liveness *live, signed char *regs, bool *victim,
	      struct arena *tmp);
void spill_rewrite(struct ir *ir, const bool *victim, struct arena *tmp);
struct frame {
	int *slot; /* of each register IN_MEMORY: offset from r10 */
	unsigned used;
};
struct stack_limit {
	unsigned bytes;
	const char *whose; /* "the bytes of stack ..." */
};
void frame_layout(struct ir *ir, struct liveness *live, struct arena *tmp, struct stack_limit limit,
		  struct frame *f);

#define TARGET_NONE (-1)
/* What stands for a call of subprogram n, and back: n, or less than 0. */
static inline int call_target(unsigned n)
{
	return -2 - (int)n;
}
static inline int call_of_target(int target)
{
	return -2 - target;
}

struct emission {
	struct bpf_insn *insns;
	int *target; /* of each instruction: a label, TARGET_NONE, or call_target() */
	const char **comments;
	size_t n, cap;
	struct ir_map_use *uses;
	size_t nuses, uses_cap;
	size_t *label_at;
};
void emit(struct ir *ir, const signed char *regs, const struct frame *f, struct emission *e);
void jump_islands(struct ir *ir, struct emission *e);
void jump_resolve(struct ir *ir, const struct emission *e, struct ir_code *out);

/* subprog.c */
unsigned subprog_number(const struct ins *call);
struct stack_limit subprog_stack_limit(struct ir *ir);
void subprog_append(struct ir *ir, const struct emission *e, struct ir_code *out);

/* measure.c */
void measure(struct ir *ir, struct ir_code *code);

/* verify.c: what the passes so far have established, beside what always holds */
enum {
	VERIFY_REACHED = 1, /* every operation: clean_flow() */
	VERIFY_WRITTEN = 2, /* every register before it is read: live_compute() */
	VERIFY_LOWERED = 4, /* everything to what BPF can encode: lower() */
};
/* NULL, or in words what is wrong. */
const char *verify(struct ir *ir, unsigned established);
const char *verify_written(struct ir *ir, const size_t *label_at);    /* verify_written.c */
const char *verify_code(const struct ir_code *code, struct arena *a); /* verify_code.c */
