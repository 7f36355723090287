/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults: a clause ends where one happens, and a record of it goes to the consumer. */
#include <assert.h>
#include <stddef.h>

#include "emit/emit_impl.h"
#include "emit/speculate.h"

void fault_begin(struct emit *e, int end)
{
	struct fault_state *f = &e->state->fault;

	f->label = ir_label(e->ir);
	f->recording = ir_label(e->ir);
	f->end = end;
	f->kind = ir_reg(e->ir);
	f->addr = ir_reg(e->ir);
	f->used = f->used_recording = false;
	f->statement = 0;
	f->epid = e->state->enablings.n;
	record_begin(e);
}

void emit_statement(struct emit *e, uint32_t number)
{
	e->state->fault.statement = number;
}

void emit_fault_if(struct emit *e, enum ir_cond cond, int reg, int64_t imm, int kind, int addr_reg)
{
	struct fault_state *f = &e->state->fault;
	enum ir_cond fine;
	int ok;

	assert(cond != IR_SET);
	if (f->label < 0)
		return;
	ir_cond_invert(cond, &fine);
	ok = ir_label(e->ir);
	emit_leave_point(e);
	f->used = true;
	if (e->state->record.open)
		f->used_recording = true;
	ir_branchi(e->ir, fine, reg, imm, ok);
	ir_const(e->ir, f->kind, kind | f->statement << 8);
	if (addr_reg >= 0)
		ir_mov(e->ir, f->addr, addr_reg);
	else
		ir_const(e->ir, f->addr, 0);
	ir_jump(e->ir, e->state->record.open ? f->recording : f->label);
	ir_place(e->ir, ok);
}

void emit_leave_unless(struct emit *e, int reg)
{
	assert(!e->state->record.open);
	emit_leave_point(e);
	ir_branchi(e->ir, IR_EQ, reg, 0, e->state->fault.end);
}

/* The fault of the clause becomes a record of its own. */
static void fault_record(struct emit *e)
{
	const struct fault_state *f = &e->state->fault;
	int kind = ir_reg(e->ir), statement = ir_reg(e->ir), now, cpu, rec, wake;

	now = ir_reg(e->ir);
	IR_CALL0(e->ir, now, BPF_FUNC_ktime_get_ns);
	cpu = ir_reg(e->ir);
	IR_CALL0(e->ir, cpu, BPF_FUNC_get_smp_processor_id);
	rec = ir_reg(e->ir);
	wake = record_reserve(e, rec, emit_const(e, sizeof(struct fault)),
			      offsetof(struct drops, errors), f->end, cpu);
	ir_alui(e->ir, IR_AND, kind, f->kind, 0xff);
	ir_alui(e->ir, IR_SHR, statement, f->kind, 8);
	ir_storei(e->ir, rec, offsetof(struct fault, head.epid), FAULT_EPID, 4);
	ir_storei(e->ir, rec, offsetof(struct fault, head.size), sizeof(struct fault), 4);
	ir_store(e->ir, rec, offsetof(struct fault, head.time), now, 8);
	ir_storei(e->ir, rec, offsetof(struct fault, epid), f->epid, 4);
	ir_store(e->ir, rec, offsetof(struct fault, kind), kind, 4);
	ir_store(e->ir, rec, offsetof(struct fault, action), statement, 4);
	ir_storei(e->ir, rec, offsetof(struct fault, pad), 0, 4);
	ir_store(e->ir, rec, offsetof(struct fault, address), f->addr, 8);
	IR_CALL(e->ir, -1, BPF_FUNC_ringbuf_submit, rec, wake);
}

void fault_end(struct emit *e)
{
	struct fault_state *f = &e->state->fault;

	if (f->used) {
		ir_jump(e->ir, f->end);
		if (f->used_recording) {
			ir_place(e->ir, f->recording);
			record_discard(e);
		}
		ir_place(e->ir, f->label);
		fault_record(e);
	}
	ir_place(e->ir, f->end);
	f->label = -1;
}
