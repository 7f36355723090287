/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building: each function appends one instruction.  Misuse (a register or label
 * that does not exist) is recorded and reported by ir_finish(), so the callers
 * carry no checks.
 */
#include <errno.h>
#include <string.h>

#include "ir/ir_impl.h"
#include "ir/support.h"

static void *grow(struct arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *p = arena_alloc(a, more * size);

	if (n)
		memcpy(p, old, n * size);
	*cap = more;
	return p;
}

#define GROW(ir, at, n, cap)                                                                       \
	do {                                                                                       \
		if ((n) == (cap))                                                                  \
			(at) = grow((ir)->tmp, (at), (n), &(cap), sizeof(*(at)));                  \
	} while (0)

struct ir *ir_new(struct arena *a)
{
	struct ir *ir = ARENA_NEW(a, struct ir);

	ir->arena = a;
	ir->tmp = arena_child(a);
	ir->ctx = -1;
	ir->drops_map = -1;
	ir_reg(ir); /* 0, which stands for no operand in a new instruction */
	return ir;
}

void ir_free(struct ir *ir)
{
	if (!ir)
		return;
	arena_free(ir->tmp);
	ir->tmp = NULL;
}

void ir_fail(struct ir *ir, int error, const char *why)
{
	if (ir->error)
		return;
	ir->error = error;
	ir->why = why;
}

struct ins *ins_push(struct ir *ir, struct ins i)
{
	GROW(ir, ir->ins, ir->n, ir->cap);
	i.dst = i.dst ? i.dst : -1;
	i.a = i.a ? i.a : -1;
	i.b = i.b ? i.b : -1;
	i.c = i.c ? i.c : -1;
	ir->ins[ir->n] = i;
	return &ir->ins[ir->n++];
}

/* Puts the present array aside as ir->old; pushes then build the new one. */
void ins_begin(struct ir *ir)
{
	struct ins *spare = ir->old;
	size_t spare_cap = ir->old_cap;

	ir->old = ir->ins;
	ir->old_n = ir->n;
	ir->old_cap = ir->cap;
	ir->ins = spare;
	ir->cap = spare_cap;
	ir->n = 0;
}

void ins_compact(struct ir *ir)
{
	size_t to = 0;

	for (size_t i = 0; i < ir->n; i++)
		if (ir->ins[i].op != INS_NOP)
			ir->ins[to++] = ir->ins[i];
	ir->n = to;
}

int ir_reg(struct ir *ir)
{
	GROW(ir, ir->vregs, ir->nvregs, ir->vreg_cap);
	ir->vregs[ir->nvregs] = (struct vreg){.origin = -1};
	return (int)ir->nvregs++;
}

int ir_label(struct ir *ir)
{
	GROW(ir, ir->placed, ir->nlabels, ir->label_cap);
	ir->placed[ir->nlabels] = false;
	return (int)ir->nlabels++;
}

int ir_stack(struct ir *ir, unsigned size)
{
	GROW(ir, ir->objects, ir->nobjects, ir->object_cap);
	ir->objects[ir->nobjects] = (struct object){.size = size};
	return (int)ir->nobjects++;
}

/* The number of a register, or of some register with the error noted. */
static int reg(struct ir *ir, int r)
{
	if (r > 0 && (size_t)r < ir->nvregs)
		return r;
	ir_fail(ir, -EINVAL, "the code generator named a register that does not exist");
	return ir_reg(ir);
}

static int reg_or_none(struct ir *ir, int r)
{
	return r < 0 ? -1 : reg(ir, r);
}

static int label(struct ir *ir, int l)
{
	if (l >= 0 && (size_t)l < ir->nlabels)
		return l;
	ir_fail(ir, -EINVAL, "the code generator named a label that does not exist");
	return ir->nlabels ? 0 : ir_label(ir);
}

static int object(struct ir *ir, int obj, int off, unsigned size)
{
	if (obj >= 0 && (size_t)obj < ir->nobjects && off >= 0 &&
	    (unsigned)off + size <= ir->objects[obj].size)
		return obj;
	ir_fail(ir, -EINVAL, "the code generator left the bounds of a stack object");
	return ir->nobjects ? 0 : ir_stack(ir, 8);
}

static unsigned access_size(struct ir *ir, unsigned size)
{
	if (size == 1 || size == 2 || size == 4 || size == 8)
		return size;
	ir_fail(ir, -EINVAL,
		"the code generator asked for an access of a size other than 1, 2, 4, 8");
	return 8;
}

void ir_place(struct ir *ir, int l)
{
	l = label(ir, l);
	if (ir->placed[l])
		ir_fail(ir, -EINVAL, "the code generator placed a label twice");
	ir->placed[l] = true;
	PUSH(ir, .op = INS_LABEL, .ref = l);
}

void ir_comment(struct ir *ir, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	PUSH(ir, .op = INS_COMMENT, .text = arena_vprintf(ir->arena, fmt, ap));
	va_end(ap);
}

void ir_mov(struct ir *ir, int dst, int src)
{
	PUSH(ir, .op = INS_MOV, .dst = reg(ir, dst), .a = reg(ir, src));
}

void ir_const(struct ir *ir, int dst, int64_t value)
{
	PUSH(ir, .op = INS_CONST, .dst = reg(ir, dst), .imm = value);
}

static int context(struct ir *ir)
{
	if (ir->ctx < 0)
		ir->ctx = ir_reg(ir);
	return ir->ctx;
}

void ir_ctx(struct ir *ir, int dst)
{
	dst = reg(ir, dst);
	PUSH(ir, .op = INS_MOV, .dst = dst, .a = context(ir));
}

void ir_stack_addr(struct ir *ir, int dst, int obj, int off)
{
	PUSH(ir, .op = INS_STACK_ADDR, .dst = reg(ir, dst), .ref = object(ir, obj, off, 0),
	     .off = off);
}

static int map_number(struct ir *ir, int map)
{
	if (map >= 0)
		return map;
	ir_fail(ir, -EINVAL, "the code generator named a map that does not exist");
	return 0;
}

void ir_map(struct ir *ir, int dst, int map)
{
	PUSH(ir, .op = INS_MAP, .dst = reg(ir, dst), .ref = map_number(ir, map));
}

void ir_map_value(struct ir *ir, int dst, int map, uint32_t off)
{
	PUSH(ir, .op = INS_MAP_VALUE, .dst = reg(ir, dst), .ref = map_number(ir, map),
	     .off = (int)off);
}

void ir_alu(struct ir *ir, enum ir_op op, int dst, int a, int b)
{
	PUSH(ir, .op = INS_ALU, .sub = op, .dst = reg(ir, dst), .a = reg(ir, a), .b = reg(ir, b));
}

void ir_alui(struct ir *ir, enum ir_op op, int dst, int a, int64_t b)
{
	PUSH(ir, .op = INS_ALU, .sub = op, .dst = reg(ir, dst), .a = reg(ir, a), .imm = b);
}

void ir_fresh(struct ir *ir, int dst, int a)
{
	PUSH(ir, .op = INS_FRESH, .dst = reg(ir, dst), .a = reg(ir, a));
}

void ir_neg(struct ir *ir, int dst, int a)
{
	PUSH(ir, .op = INS_NEG, .dst = reg(ir, dst), .a = reg(ir, a));
}

void ir_not(struct ir *ir, int dst, int a)
{
	ir_alui(ir, IR_XOR, dst, a, -1);
}

void ir_extend(struct ir *ir, int dst, int a, unsigned bytes, bool is_signed)
{
	bytes = access_size(ir, bytes);
	if (bytes == 8)
		ir_mov(ir, dst, a);
	else if (!is_signed && bytes < 4)
		ir_alui(ir, IR_AND, dst, a, bytes == 1 ? 0xff : 0xffff);
	else
		PUSH(ir, .op = INS_EXTEND, .sub = is_signed, .size = bytes, .dst = reg(ir, dst),
		     .a = reg(ir, a));
}

void ir_swap(struct ir *ir, int dst, int a, unsigned bytes)
{
	if (bytes == 1) {
		ir_alui(ir, IR_AND, dst, a, 0xff);
		return;
	}
	PUSH(ir, .op = INS_SWAP, .size = access_size(ir, bytes), .dst = reg(ir, dst),
	     .a = reg(ir, a));
}

void ir_load(struct ir *ir, int dst, int base, int off, unsigned size)
{
	PUSH(ir, .op = INS_LOAD, .size = access_size(ir, size), .dst = reg(ir, dst),
	     .a = reg(ir, base), .off = off);
}

void ir_store(struct ir *ir, int base, int off, int src, unsigned size)
{
	PUSH(ir, .op = INS_STORE, .size = access_size(ir, size), .a = reg(ir, base),
	     .b = reg(ir, src), .off = off);
}

void ir_storei(struct ir *ir, int base, int off, int32_t imm, unsigned size)
{
	PUSH(ir, .op = INS_STORE, .size = access_size(ir, size), .a = reg(ir, base), .imm = imm,
	     .off = off);
}

void ir_stack_load(struct ir *ir, int dst, int obj, int off, unsigned size)
{
	size = access_size(ir, size);
	PUSH(ir, .op = INS_LOAD, .size = size, .dst = reg(ir, dst),
	     .ref = object(ir, obj, off, size), .off = off);
}

void ir_stack_store(struct ir *ir, int obj, int off, int src, unsigned size)
{
	size = access_size(ir, size);
	PUSH(ir, .op = INS_STORE, .size = size, .b = reg(ir, src),
	     .ref = object(ir, obj, off, size), .off = off);
}

void ir_stack_storei(struct ir *ir, int obj, int off, int32_t imm, unsigned size)
{
	size = access_size(ir, size);
	PUSH(ir, .op = INS_STORE, .size = size, .imm = imm, .ref = object(ir, obj, off, size),
	     .off = off);
}

void ir_atomic(struct ir *ir, enum ir_atomic op, int dst, int base, int off, int src, int expected,
	       unsigned size)
{
	if (size != 4 && size != 8)
		ir_fail(ir, -EINVAL,
			"the code generator asked for an atomic of a size other than 4 or 8");
	PUSH(ir, .op = INS_ATOMIC, .sub = op, .size = size, .dst = reg_or_none(ir, dst),
	     .a = reg(ir, base), .b = reg(ir, src), .off = off,
	     .c = op == IR_ATOMIC_CMPXCHG ? reg(ir, expected) : -1);
}

void ir_jump(struct ir *ir, int l)
{
	PUSH(ir, .op = INS_JUMP, .ref = label(ir, l));
}

void ir_branch(struct ir *ir, enum ir_cond cond, int a, int b, int l)
{
	PUSH(ir, .op = INS_BRANCH, .sub = cond, .a = reg(ir, a), .b = reg(ir, b),
	     .ref = label(ir, l));
}

void ir_branchi(struct ir *ir, enum ir_cond cond, int a, int64_t b, int l)
{
	PUSH(ir, .op = INS_BRANCH, .sub = cond, .a = reg(ir, a), .imm = b, .ref = label(ir, l));
}

void ir_ret(struct ir *ir, int32_t value)
{
	PUSH(ir, .op = INS_RET, .imm = value);
}

static void call(struct ir *ir, enum ins_op op, int dst, int ref, int nargs, const int *args)
{
	struct arg *list;

	if (nargs < 0 || nargs > 5) {
		ir_fail(ir, -EINVAL, "the code generator passed more than five arguments");
		return;
	}
	list = arena_alloc(ir->tmp, sizeof(*list) * 5);
	for (int i = 0; i < nargs; i++)
		list[i] = (struct arg){.v = reg(ir, args[i])};
	PUSH(ir, .op = op, .dst = reg_or_none(ir, dst), .ref = ref, .nargs = nargs, .args = list);
}

void ir_call(struct ir *ir, int dst, enum bpf_func_id helper, int nargs, const int *args)
{
	call(ir, INS_CALL, dst, helper, nargs, args);
}

void ir_call_support(struct ir *ir, int dst, int routine, int nargs, const int *args)
{
	if (routine < 0 || (unsigned)routine >= support_count)
		ir_fail(ir, -EINVAL,
			"the code generator called a support routine that does not exist");
	call(ir, INS_CALL_SUPPORT, dst, routine, nargs, args);
}

/* The arguments of bpf_tail_call(), which are onward()'s too. */
static struct arg *onward_args(struct ir *ir, int map, int index)
{
	struct arg *list = arena_alloc(ir->tmp, sizeof(*list) * 5);

	if (index < 0)
		ir_fail(ir, -EINVAL, "the code generator called a program of a negative index");
	list[0] = (struct arg){.v = context(ir)};
	list[1] = (struct arg){.v = -1, .op = INS_MAP, .ref = map_number(ir, map)};
	list[2] = (struct arg){.v = -1, .op = INS_CONST, .imm = index};
	return list;
}

void ir_tail_call(struct ir *ir, int map, int index)
{
	PUSH(ir, .op = INS_CALL, .ref = BPF_FUNC_tail_call, .nargs = 3,
	     .args = onward_args(ir, map, index));
}

void ir_onward_setup(struct ir *ir, int drops_map, unsigned counter)
{
	if (counter > INT16_MAX || counter % 8)
		ir_fail(ir, -EINVAL, "the code generator counts drops where no counter can be");
	ir->drops_map = map_number(ir, drops_map);
	ir->drops_counter = counter;
}

void ir_call_onward(struct ir *ir, int map, int index)
{
	if (ir->drops_map < 0)
		ir_fail(ir, -EINVAL,
			"the code generator called a program without saying where failures count");
	PUSH(ir, .op = INS_CALL_ONWARD, .nargs = 3, .args = onward_args(ir, map, index));
}
