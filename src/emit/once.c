/* SPDX-License-Identifier: BSD-2-Clause */
/* What is the same all through a firing: asked for once. */
#include <stddef.h>

#include "emit/emit_impl.h"

static int called_once(struct emit *e, const void *tag, enum bpf_func_id helper)
{
	int reg = emit_cached(e, tag);

	if (reg >= 0)
		return reg;
	reg = ir_reg(e->ir);
	IR_CALL0(e->ir, reg, helper);
	emit_cache(e, tag, reg);
	return reg;
}

static const char time_tag[] = "timestamp", cpu_tag[] = "cpu", tid_tag[] = "tid";

void emit_one_time(struct emit *e)
{
	e->state->time = ir_reg(e->ir);
	ir_const(e->ir, e->state->time, 0);
}

int emit_time(struct emit *e)
{
	int reg = emit_cached(e, time_tag), time = e->state->time, known;

	if (reg >= 0 || time < 0)
		return called_once(e, time_tag, BPF_FUNC_ktime_get_ns);
	known = ir_label(e->ir);
	reg = ir_reg(e->ir);
	ir_branchi(e->ir, IR_NE, time, 0, known);
	IR_CALL0(e->ir, time, BPF_FUNC_ktime_get_ns);
	ir_place(e->ir, known);
	ir_mov(e->ir, reg, time);
	emit_cache(e, time_tag, reg);
	return reg;
}

void emit_set_time(struct emit *e, int reg)
{
	emit_cache(e, time_tag, reg);
}

int emit_cpu(struct emit *e)
{
	return called_once(e, cpu_tag, BPF_FUNC_get_smp_processor_id);
}

int emit_tid(struct emit *e)
{
	int reg = emit_cached(e, tid_tag), task;

	if (reg >= 0)
		return reg;
	if (emit_has_process(e))
		return emit_process(e, offsetof(struct process, tid), 4);
	task = ir_reg(e->ir);
	IR_CALL0(e->ir, task, BPF_FUNC_get_current_task);
	reg = emit_peek_field(e, (struct place){SPACE_KERNEL, task, 0}, "task_struct", "pid");
	emit_cache(e, tid_tag, reg);
	return reg;
}

bool emit_has_process(const struct emit *e)
{
	return e->options->engine == ENGINE_MACHINE;
}

int emit_process(struct emit *e, unsigned offset, unsigned size)
{
	static const char tags[sizeof(struct process)];
	int reg = emit_cached(e, &tags[offset]), addr;

	if (reg >= 0)
		return reg;
	addr = ir_reg(e->ir);
	reg = ir_reg(e->ir);
	ir_map_value(e->ir, addr,
		     emit_map_once(e, (struct map_def){.name = "process",
						       .role = MAP_PROCESS,
						       .type = BPF_MAP_TYPE_ARRAY,
						       .key_size = 4,
						       .value_size = sizeof(struct process),
						       .max_entries = 1}),
		     offset);
	ir_load(e->ir, reg, addr, 0, size);
	emit_cache(e, &tags[offset], reg);
	return reg;
}

int emit_control(struct emit *e, unsigned offset, unsigned size)
{
	static const char tags[sizeof(struct control)];
	int reg = emit_cached(e, &tags[offset]), addr;

	if (reg >= 0)
		return reg;
	addr = ir_reg(e->ir);
	reg = ir_reg(e->ir);
	ir_map_value(e->ir, addr, e->program->control_map, offset);
	ir_load(e->ir, reg, addr, 0, size);
	emit_cache(e, &tags[offset], reg);
	return reg;
}

void emit_thread_is(struct emit *e, int reg)
{
	emit_cache(e, tid_tag, reg);
}

/*
 * The current task is typed: loaded from without checks.  One in the context may
 * be NULL, and is read as any address.
 */
struct place emit_task(struct emit *e)
{
	static const char tag[] = "curthread";
	const char *context = e->state->hook->task_in;
	struct place ctx = {SPACE_KERNEL, emit_ctx(e), 0}, task = {SPACE_BTF};

	if (!context) {
		task.base = called_once(e, tag, BPF_FUNC_get_current_task_btf);
		if (e->state->hook->leader)
			task.base = emit_peek_field(e, task, "task_struct", "group_leader");
		return task;
	}
	return (struct place){SPACE_KERNEL, emit_peek_field(e, ctx, context, "task"), 0};
}
