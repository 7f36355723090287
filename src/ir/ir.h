/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IR: a linear list of three-address operations on virtual registers,
 * with labels, that becomes one BPF program.
 *
 * A virtual register (an int >= 0 from ir_reg()) holds 64 bits, may be written
 * any number of times (this is not SSA) and lives as long as the code needs it:
 * ir_finish() computes liveness over the control flow (loops too), removes what
 * is dead, gives each register a machine register or a slot on the BPF stack,
 * and encodes.  Machine registers never show.
 *
 * Errors are sticky: emission takes no checks, ir_finish() returns the first one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <linux/bpf.h>

#include "base/arena.h"

struct ir;

enum ir_op {
	IR_ADD,
	IR_SUB,
	IR_MUL,
	IR_UDIV, /* a divisor of 0 gives 0, as BPF has it: the generator tests before */
	IR_UMOD,
	IR_SDIV, /* lowered to unsigned division and sign fix-up (BPF v4's sdiv is not in 6.1) */
	IR_SMOD,
	IR_AND,
	IR_OR,
	IR_XOR,
	IR_SHL,
	IR_SHR, /* logical */
	IR_SAR, /* arithmetic */
};

enum ir_cond {
	IR_EQ,
	IR_NE,
	IR_ULT,
	IR_ULE,
	IR_UGT,
	IR_UGE,
	IR_SLT,
	IR_SLE,
	IR_SGT,
	IR_SGE,
	IR_SET, /* a & b != 0 */
};

/* False for IR_SET, which has no inverse: BPF has no jump on "no common bit". */
bool ir_cond_invert(enum ir_cond cond, enum ir_cond *out);

enum ir_atomic {
	IR_ATOMIC_ADD, /* no result */
	IR_ATOMIC_FETCH_ADD,
	IR_ATOMIC_XCHG,
	IR_ATOMIC_CMPXCHG,
	IR_ATOMIC_OR,
};

struct ir *ir_new(struct arena *a);
void ir_free(struct ir *ir); /* takes NULL; early, of one that is not to be finished */

/* Registers, labels, places on the BPF stack. */
int ir_reg(struct ir *ir);
int ir_label(struct ir *ir);		    /* a label not yet placed */
void ir_place(struct ir *ir, int label);    /* here it is */
int ir_stack(struct ir *ir, unsigned size); /* a stack object, 8-aligned; its id */
void ir_comment(struct ir *ir, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Moves and constants. */
void ir_mov(struct ir *ir, int dst, int src);
void ir_const(struct ir *ir, int dst, int64_t value);
void ir_ctx(struct ir *ir, int dst); /* the program's context (r1 at entry) */
void ir_stack_addr(struct ir *ir, int dst, int obj, int off); /* &obj[off] */
void ir_map(struct ir *ir, int dst, int map);		      /* the map itself, for helpers */
void ir_map_value(struct ir *ir, int dst, int map,
		  uint32_t off); /* address inside an array map's value */

/* Arithmetic. dst may equal a source. The i forms take a constant (any 64-bit value). */
void ir_alu(struct ir *ir, enum ir_op op, int dst, int a, int b);
void ir_alui(struct ir *ir, enum ir_op op, int dst, int a, int64_t b);
void ir_neg(struct ir *ir, int dst, int a);
void ir_not(struct ir *ir, int dst, int a); /* bitwise */
/* dst = a, two values to the verifier: what a test of one tells it says nothing of the other. */
void ir_fresh(struct ir *ir, int dst, int a);
void ir_extend(struct ir *ir, int dst, int a, unsigned bytes,
	       bool is_signed);				     /* from 1, 2, 4 bytes to 64 bits */
void ir_swap(struct ir *ir, int dst, int a, unsigned bytes); /* reverse 2, 4, 8 bytes, zero above */

/* Memory. size is 1, 2, 4, 8. Loads zero-extend. */
void ir_load(struct ir *ir, int dst, int base, int off, unsigned size);
void ir_store(struct ir *ir, int base, int off, int src, unsigned size);
void ir_storei(struct ir *ir, int base, int off, int32_t imm, unsigned size);
void ir_stack_load(struct ir *ir, int dst, int obj, int off, unsigned size);
void ir_stack_store(struct ir *ir, int obj, int off, int src, unsigned size);
void ir_stack_storei(struct ir *ir, int obj, int off, int32_t imm, unsigned size);
/* dst (the old value) is -1 for IR_ATOMIC_ADD and IR_ATOMIC_OR; expected only for
 * IR_ATOMIC_CMPXCHG, else -1. size 4 or 8. */
void ir_atomic(struct ir *ir, enum ir_atomic op, int dst, int base, int off, int src, int expected,
	       unsigned size);

/* Control. */
void ir_jump(struct ir *ir, int label);
void ir_branch(struct ir *ir, enum ir_cond cond, int a, int b,
	       int label); /* if (a cond b) goto label */
void ir_branchi(struct ir *ir, enum ir_cond cond, int a, int64_t b, int label);
void ir_ret(struct ir *ir, int32_t value);

/* dst = helper(args[0..nargs-1]); dst -1 drops the result. At most five arguments. */
void ir_call(struct ir *ir, int dst, enum bpf_func_id helper, int nargs, const int *args);
#define IR_CALL(ir, dst, helper, ...)                                                              \
	ir_call((ir), (dst), (helper), sizeof((int[]){__VA_ARGS__}) / sizeof(int),                 \
		(const int[]){__VA_ARGS__})
#define IR_CALL0(ir, dst, helper) ir_call((ir), (dst), (helper), 0, NULL)

/*
 * What is known only later. ir_here() numbers the operation that comes next;
 * ir_patch() gives the constant or storei there another value; ir_rotate()
 * moves what was made since `from` up to stand before `to` (both numbers are
 * void then).
 */
size_t ir_here(const struct ir *ir);
void ir_patch(struct ir *ir, size_t at, int32_t imm);
void ir_rotate(struct ir *ir, size_t to, size_t from);

/*
 * dst = a support routine (src/routines/, an index into support_routines[]), called
 * as a BPF subprogram appended behind the program, once however often called.
 */
void ir_call_support(struct ir *ir, int dst, int routine, int nargs, const int *args);

/*
 * bpf_tail_call(): this program ends and that at `index` of the program array
 * `map` runs in its place.  Execution goes on behind it where there is none, or
 * at the kernel's limit of 33 in a row.
 */
void ir_tail_call(struct ir *ir, int map, int index);

/*
 * The same as a call: that program runs, and then this one goes on behind it;
 * what it returns is not to be known.  Where it cannot run, the 64-bit counter
 * at `counter` in the value of the per-CPU array `drops_map` grows by one.  All
 * calls of a program share that counter; set it up before the first.  Such a
 * program has less than half of the stack, and the limit of 33 is, since Linux
 * 6.12, one of all its calls and those of what it calls, not of each in a row.
 */
void ir_onward_setup(struct ir *ir, int drops_map, unsigned counter);
void ir_call_onward(struct ir *ir, int map, int index);

/* What came out. Everything lives in the arena. */
struct ir_map_use {
	uint32_t insn; /* index of the ld_imm64 whose src_reg/imm the loader patches */
	int map;
};

struct ir_subprog {
	uint32_t insn; /* its first */
	const char *name;
};

struct ir_code {
	struct bpf_insn *insns;
	uint32_t ninsns;
	struct ir_map_use
		*uses; /* BPF_PSEUDO_MAP_FD or BPF_PSEUDO_MAP_VALUE is already in src_reg */
	uint32_t nuses;
	uint32_t stack_used; /* bytes, of 512 */
	const char *
		*comments; /* ninsns entries; NULL or the text to print above that instruction */
	struct ir_subprog *subprogs; /* behind the program, in that order */
	uint32_t nsubprogs;
	bool types_functions; /* a tail call in a subprogram, a function called back: the kernel
				 wants types of all */
	/* For the verifier's limits on what is pending on a path, and on maps. */
	uint32_t branches; /* conditional ones; a subprogram's count at each call of it */
	uint32_t nmaps;	   /* different ones */
};

/*
 * Ends the program. 0 or -errno: -E2BIG when the stack (512 bytes) or the jump
 * range does not suffice; *why then says so in words.
 */
int ir_finish(struct ir *ir, struct ir_code *out, const char **why)
	__attribute__((warn_unused_result));

/* The listing of -S: one instruction a line, comments above, jump targets as labels, map names by
 * map_name(). */
void ir_list(const struct ir_code *code, const char *(*map_name)(void *arg, int map), void *arg,
	     FILE *out);
