/* SPDX-License-Identifier: BSD-2-Clause */
/* Subroutines on processes, devices and chance. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"
#include "routines/routines.h"

#define MINOR_BITS 20 /* of the kernel's dev_t */

/* which: the minor number */
static void code_device(struct emit *e, struct node *n, struct value *out)
{
	int dev = ir_reg(e->ir), reg = ir_reg(e->ir);

	ir_extend(e->ir, dev, emit_int(e, n->args), 4, false);
	if (n->builtin->which)
		ir_alui(e->ir, IR_AND, reg, dev, (1 << MINOR_BITS) - 1);
	else
		ir_alui(e->ir, IR_SHR, reg, dev, MINOR_BITS);
	value_int(out, reg);
}

static void code_rand(struct emit *e, struct node *n, struct value *out)
{
	int number = ir_reg(e->ir), reg = ir_reg(e->ir);

	(void)n;
	IR_CALL0(e->ir, number, BPF_FUNC_get_prandom_u32);
	ir_extend(e->ir, reg, number, 4, true);
	value_int(out, reg);
}

/* Where the engine has no tasks: the process, its parent, and what is above all. */
static int is_of_process(struct emit *e, int pid)
{
	const int ancestors[] = {emit_process(e, offsetof(struct process, pid), 4),
				 emit_process(e, offsetof(struct process, ppid), 4),
				 emit_const(e, 1), emit_const(e, 0)};
	int out = ir_reg(e->ir), yes = ir_label(e->ir);

	ir_const(e->ir, out, 1);
	for (size_t i = 0; i < sizeof(ancestors) / sizeof(*ancestors); i++)
		ir_branch(e->ir, IR_EQ, pid, ancestors[i], yes);
	ir_const(e->ir, out, 0);
	ir_place(e->ir, yes);
	return out;
}

static void code_progenyof(struct emit *e, struct node *n, struct value *out)
{
	int pid = ir_reg(e->ir), args[4], reg = ir_reg(e->ir);

	ir_extend(e->ir, pid, emit_int(e, n->args), 4, false);
	if (emit_has_process(e)) {
		value_int(out, is_of_process(e, pid));
		return;
	}
	args[0] = emit_number_of(e, emit_task(e));
	args[1] = emit_const(e, emit_field(e, "task_struct", "real_parent").bit_offset / 8);
	args[2] = emit_const(e, emit_field(e, "task_struct", "tgid").bit_offset / 8);
	args[3] = pid;
	ir_call_support(e->ir, reg, ROUTINE_PROGENYOF, 4, args);
	value_int(out, reg);
}

#define S BUILTIN_SUBROUTINE
/* clang-format off */
const struct builtin builtin_system[] = {
	{ "getmajor",  S, "uint_t", "integer", .code = code_device },
	{ "getminor",  S, "uint_t", "integer", .code = code_device, .which = 1 },
	{ "progenyof", S, "int", "integer", .code = code_progenyof },
	{ "rand",      S, "int", "", .code = code_rand },
	{ NULL },
};
/* clang-format on */
