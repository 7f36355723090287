/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program's own memory, behind a pointer that is a mere number: global
 * variables and what the firing has in scratch memory.  The verifier takes no
 * number for an address, so it is counted from the beginning of either.
 */
#include "emit/emit_impl.h"

/* out = base + (addr - base) if size bytes there are in [from, end); else jumps to miss. */
static void within(struct emit *e, int base, int addr, uint32_t from, uint32_t end, uint32_t size,
		   int out, int miss)
{
	struct place at = {SPACE_MAP, base, (int)from};
	int off = ir_reg(e->ir);

	ir_alu(e->ir, IR_SUB, off, addr, emit_number_of(e, at));
	ir_branchi(e->ir, IR_UGT, off, (int64_t)(end - from) - size, miss);
	ir_alu(e->ir, IR_ADD, out, emit_address(e, at), off);
}

struct place emit_own(struct emit *e, int addr, uint32_t size)
{
	uint32_t globals = e->state->map.globals_size, scratch = e->state->scratch.used;
	int out = ir_reg(e->ir), other = ir_reg(e->ir);
	int found = ir_label(e->ir), next = ir_label(e->ir), miss = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, other, 0);
	if (globals >= size) {
		within(e, emit_globals(e, 0), addr, 0, globals, size, out, next);
		ir_jump(e->ir, found);
	}
	ir_place(e->ir, next);
	if (scratch >= SCRATCH_HEAD + size) {
		within(e, e->state->scratch.reg, addr, SCRATCH_HEAD, scratch, size, out, miss);
		ir_jump(e->ir, found);
	}
	ir_place(e->ir, miss);
	ir_const(e->ir, other, 1);
	ir_place(e->ir, found);
	emit_scope_end(e, mark);
	emit_fault_if(e, IR_NE, other, 0, FLT_BADADDR, addr);
	return (struct place){SPACE_MAP, out, 0};
}

struct place emit_own_room(struct emit *e, int addr, int size, uint32_t most)
{
	struct place at = {SPACE_MAP, e->state->scratch.reg, SCRATCH_HEAD};
	uint32_t all = e->state->scratch.used - SCRATCH_HEAD;
	int off = ir_reg(e->ir), left = ir_reg(e->ir), out = ir_reg(e->ir);

	emit_room_behind(e, most);
	ir_alu(e->ir, IR_SUB, off, addr, emit_number_of(e, at));
	emit_fault_if(e, IR_UGT, off, all, FLT_BADADDR, addr);
	ir_const(e->ir, left, all);
	ir_alu(e->ir, IR_SUB, left, left, off);
	ir_alu(e->ir, IR_SUB, left, left, size);
	emit_fault_if(e, IR_SLT, left, 0, FLT_BADADDR, addr);
	ir_alu(e->ir, IR_ADD, out, emit_address(e, at), off);
	return (struct place){SPACE_MAP, out, 0};
}
