/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copyout(from, to, size), copyoutstr(text, to, most): into the memory of the
 * process in which the probe fires. What lies at `from` is read into memory of the
 * program's first, since the kernel takes it from there alone.
 */
#include <errno.h>
#include <stddef.h>

#include "action/action.h"
#include "action/process.h"

#define SIZE_MAX_OUT 4096

static const char what[] = "write to its memory";

/* Jumps out where there is nothing; more than most is an illegal operation. */
static void bound(struct emit *e, int size, uint32_t most, int nothing)
{
	ir_branchi(e->ir, IR_ULT, size, 1,
		   nothing); /* (from == 0 an older verifier learns no lower bound) */
	emit_fault_if(e, IR_UGT, size, most, FLT_ILLOP, -1);
}

/* The kernel writes where a process runs by itself, and not where it is interrupted, or packets are
 * under way: an illegal operation. */
static void write_out(struct emit *e, int to, struct place from, int size)
{
	int ret = ir_reg(e->ir);

	IR_CALL(e->ir, ret, BPF_FUNC_probe_write_user, to, emit_address(e, from), size);
	emit_fault_if(e, IR_EQ, ret, -EPERM, FLT_ILLOP, -1);
	emit_fault_if(e, IR_NE, ret, 0, FLT_BADADDR, to);
}

static struct place pointee(struct emit *e, struct node *arg)
{
	struct value v;

	emit_expr(e, arg, &v);
	if (v.kind == VALUE_INT)
		return (struct place){SPACE_KERNEL, v.reg, 0};
	return v.at;
}

static void code_copyout(struct emit *e, struct node *n, struct value *out)
{
	struct node *size_arg = n->args->next->next;
	int nothing = ir_label(e->ir), from, to, size, ret = ir_reg(e->ir);
	struct place room;

	(void)out;
	if (!action_has_process(e, n, what))
		return;
	from = emit_address(e, pointee(e, n->args));
	to = emit_int(e, n->args->next);
	size = emit_int(e, size_arg);
	room = emit_scratch_room(e, SIZE_MAX_OUT);
	bound(e, size, SIZE_MAX_OUT, nothing);
	IR_CALL(e->ir, ret, BPF_FUNC_probe_read_kernel, emit_address(e, room), size, from);
	emit_fault_if(e, IR_NE, ret, 0, FLT_BADADDR, from);
	write_out(e, to, room, size);
	ir_place(e->ir, nothing);
}

static void code_copyoutstr(struct emit *e, struct node *n, struct value *out)
{
	struct strrep rep = emit_bytes_rep(e, emit_text_size(e));
	int nothing = ir_label(e->ir), fits = ir_label(e->ir), to, most, size = ir_reg(e->ir);
	struct place room;
	struct value text;

	(void)out;
	if (!action_has_process(e, n, what))
		return;
	emit_string_as(e, n->args, rep, &text);
	to = emit_int(e, n->args->next);
	most = emit_int(e, n->args->next->next);
	room = emit_scratch_room(e, rep.cap);
	/* its length with the NUL */
	IR_CALL(e->ir, size, BPF_FUNC_probe_read_kernel_str, emit_address(e, room),
		emit_const(e, rep.cap), emit_address(e, text.bytes));
	ir_branch(e->ir, IR_ULE, size, most, fits);
	ir_mov(e->ir, size, most);
	ir_place(e->ir, fits);
	bound(e, size, rep.cap, nothing);
	write_out(e, to, room, size);
	ir_place(e->ir, nothing);
}

// clang-format off
const struct builtin action_copyout[] = {
	{ "copyout", BUILTIN_SUBROUTINE, "void", "pointer, pointer, integer",
	  .code = code_copyout, .destructive = true },
	{ "copyoutstr", BUILTIN_SUBROUTINE, "void", "string, pointer, integer",
	  .code = code_copyoutstr, .destructive = true },
	{ NULL },
};
// clang-format on
