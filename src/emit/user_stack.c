/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The current process's stack where the kernel has no helper for it: its registers
 * lie where bpf_task_pt_regs() says, and the rest is read from its memory. A thread
 * of the kernel has no process.
 */
#include "emit/emit_impl.h"
#include "routines/routines.h"

/* In struct pt_regs: where it is, and where its frame is. */
#if defined(__x86_64__)
static const char pc_field[] = "ip", frame_field[] = "bp";
#define FRAME_OFFSET 0
#elif defined(__aarch64__)
static const char pc_field[] = "pc", frame_field[] = "regs";
#define FRAME_OFFSET (29 * 8)
#else
static const char pc_field[] = "", frame_field[] = "";
#define FRAME_OFFSET 0
#endif

static int reg_of(struct emit *e, int regs, const char *field, int off)
{
	struct place at = {SPACE_KERNEL, regs,
			   (int)(emit_field(e, "pt_regs", field).bit_offset / 8) + off};

	return emit_peek(e, at, 8);
}

void emit_user_stack(struct emit *e, struct place to, uint32_t size)
{
	struct place task = emit_task(e);
	int none = ir_label(e->ir), regs, args[4], memory;
	size_t mark;

	if (!*pc_field) {
		emit_error(e, (struct loc){0}, "D_STACK_HOOK",
			   "the registers of this processor are not known, by which the stack of a "
			   "process is found at %s:::%s",
			   emit_probe(e)->provider, emit_probe(e)->name);
		return;
	}
	memory = emit_peek_field(e, task, "task_struct", "mm");
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, memory, 0, none);
	regs = ir_reg(e->ir);
	IR_CALL(e->ir, regs, BPF_FUNC_task_pt_regs, emit_address(e, task));
	args[0] = emit_address(e, to);
	args[1] = emit_const(e, size / 8);
	args[2] = reg_of(e, regs, pc_field, 0);
	args[3] = reg_of(e, regs, frame_field, FRAME_OFFSET);
	ir_call_support(e->ir, -1, ROUTINE_USER_STACK, 4, args);
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
}
