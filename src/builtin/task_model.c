/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an engine without a kernel knows of the current task, laid out as this
 * kernel's structs are.  Members that are not named here cannot be read: to a
 * script they are an invalid address.
 */
#include "builtin/task_model.h"

#include <stddef.h>

/* They lie one behind the other in the map's value; of the last nothing is known but its address.
 */
enum task_object { TASK, PARENT, CRED, MEMORY_MAP, OBJECTS };

#define FIELD(f) offsetof(struct process, f)

/* clang-format off */
static const struct {
	enum task_object in;
	const char *path;
	unsigned field; /* of struct process */
	enum task_object to;
	bool is_address; /* of `to` */
} facts[] = {
	{ TASK,   "pid",          FIELD(tid) },
	{ TASK,   "tgid",         FIELD(pid) },
	{ TASK,   "comm",         FIELD(name) },
	{ TASK,   "on_cpu",       FIELD(one) },
	{ TASK,   "on_rq",        FIELD(one) },
	{ TASK,   "se.on_rq",     FIELD(one) },
	{ TASK,   "group_leader", .to = TASK, .is_address = true },
	{ TASK,   "real_parent",  .to = PARENT, .is_address = true },
	{ TASK,   "parent",       .to = PARENT, .is_address = true },
	{ TASK,   "cred",         .to = CRED, .is_address = true },
	{ TASK,   "real_cred",    .to = CRED, .is_address = true },
	{ TASK,   "mm",           .to = MEMORY_MAP, .is_address = true },
	{ PARENT, "pid",          FIELD(ppid) },
	{ PARENT, "tgid",         FIELD(ppid) },
	{ CRED,   "uid.val",      FIELD(uid) },
	{ CRED,   "gid.val",      FIELD(gid) },
	{ CRED,   "euid.val",     FIELD(euid) },
	{ CRED,   "egid.val",     FIELD(egid) },
};
/* clang-format on */

#define NFACTS (sizeof(facts) / sizeof(*facts))

static const char *const tags[] = {"task_struct", "task_struct", "cred", "mm_struct"};

static uint32_t lay_out(struct emit *e, uint32_t offsets[OBJECTS])
{
	uint32_t end = 0;

	for (int i = 0; i < OBJECTS; i++) {
		struct type *t = types_tag(e->script->types, TYPE_STRUCT, tags[i]);

		offsets[i] = end;
		end += t ? (uint32_t)((type_resolve(t)->size + 15) & ~15ul) : 16;
	}
	return end;
}

static void add_facts(struct emit *e, const uint32_t offsets[OBJECTS])
{
	struct program *p = e->program;

	p->task_facts = arena_alloc(e->arena, NFACTS * sizeof(*p->task_facts));
	for (size_t i = 0; i < NFACTS; i++) {
		struct field f;

		if (!emit_has_field(e, tags[facts[i].in], facts[i].path))
			continue;
		f = emit_field(e, tags[facts[i].in], facts[i].path);
		p->task_facts[p->ntask_facts++] = (struct task_fact){
			.offset = offsets[facts[i].in] + (uint32_t)(f.bit_offset / 8),
			.size = (uint32_t)f.size,
			.is_address = facts[i].is_address,
			.from = facts[i].is_address ? offsets[facts[i].to] : facts[i].field,
		};
	}
}

struct place task_model(struct emit *e)
{
	static const char tag[] = "task model";
	int reg = emit_cached(e, tag);
	uint32_t offsets[OBJECTS], size;

	if (reg >= 0)
		return (struct place){SPACE_KERNEL, reg, 0};
	size = lay_out(e, offsets);
	if (!e->program->task_facts)
		add_facts(e, offsets);
	reg = ir_reg(e->ir);
	ir_map_value(e->ir, reg,
		     emit_map_once(e, (struct map_def){.name = "task",
						       .role = MAP_TASK,
						       .type = BPF_MAP_TYPE_ARRAY,
						       .key_size = 4,
						       .value_size = size,
						       .max_entries = 1}),
		     0);
	emit_cache(e, tag, reg);
	return (struct place){SPACE_KERNEL, reg, 0};
}
