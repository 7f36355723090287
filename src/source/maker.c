/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/maker.h"

#include <stddef.h>
#include <string.h>

struct kept {
	uint64_t name[2];
	uint32_t pid, uid;
};

/* Accepted sockets are born with their listener's. */
static int kept_map(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "makers",
					.role = MAP_SOCKET,
					.type = BPF_MAP_TYPE_SK_STORAGE,
					.key_size = 4,
					.value_size = sizeof(struct kept),
					.flags = BPF_F_CLONE,
				});
}

static int storage(struct emit *e, int sk, uint64_t flags)
{
	int map = ir_reg(e->ir), at = ir_reg(e->ir);

	ir_map(e->ir, map, kept_map(e));
	IR_CALL(e->ir, at, BPF_FUNC_sk_storage_get, map, sk, emit_const(e, 0),
		emit_const(e, flags));
	return at;
}

/* pid is stored last: where it is not 0, all is there. */
static void keep(struct emit *e, int at)
{
	struct place task = emit_task(e), cred,
		     name = place_at(task, emit_field(e, "task_struct", "comm").bit_offset / 8);

	for (int i = 0; i < 2; i++)
		ir_store(e->ir, at, offsetof(struct kept, name) + i * 8,
			 emit_peek(e, place_at(name, i * 8), 8), 8);
	cred = (struct place){SPACE_KERNEL, emit_peek_field(e, task, "task_struct", "cred"), 0};
	ir_store(e->ir, at, offsetof(struct kept, uid), emit_peek_field(e, cred, "cred", "uid.val"),
		 4);
	ir_store(e->ir, at, offsetof(struct kept, pid),
		 emit_peek_field(e, task, "task_struct", "tgid"), 4);
}

void maker_keep(struct emit *e, int sk, bool again)
{
	int at = storage(e, sk, BPF_SK_STORAGE_GET_F_CREATE), done = ir_label(e->ir),
	    known = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, at, 0, done);
	ir_load(e->ir, known, at, offsetof(struct kept, pid), 4);
	if (!again)
		ir_branchi(e->ir, IR_NE, known, 0, done);
	keep(e, at);
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
}

#define THREAD_BIT 0x80000000u /* no thread of a process has such a number */

void maker_of_socket(struct emit *e, struct maker *p, int sk, int cookie)
{
	int at = storage(e, sk, 0), none = ir_label(e->ir), pid = ir_reg(e->ir);
	uint64_t unknown[2] = {0};

	*p = (struct maker){.object.source = &source_maker,
			    .name = {ir_reg(e->ir), ir_reg(e->ir)},
			    .pid = ir_reg(e->ir),
			    .uid = ir_reg(e->ir),
			    .thread = ir_reg(e->ir)};
	memcpy(unknown, "<unknown>", sizeof("<unknown>"));
	for (int i = 0; i < 2; i++)
		ir_const(e->ir, p->name[i], unknown[i]);
	ir_const(e->ir, p->pid, -1);
	ir_const(e->ir, p->uid, -1);
	ir_branchi(e->ir, IR_EQ, at, 0, none);
	ir_load(e->ir, pid, at, offsetof(struct kept, pid), 4);
	ir_branchi(e->ir, IR_EQ, pid, 0, none);
	ir_mov(e->ir, p->pid, pid);
	ir_load(e->ir, p->uid, at, offsetof(struct kept, uid), 4);
	for (int i = 0; i < 2; i++)
		ir_load(e->ir, p->name[i], at, offsetof(struct kept, name) + i * 8, 8);
	ir_place(e->ir, none);
	ir_alui(e->ir, IR_AND, p->thread, cookie, 0x7fffffff);
	ir_alu(e->ir, IR_OR, p->thread, p->thread, emit_const(e, THREAD_BIT));
	emit_thread_is(e, p->thread);
}

static void member_execname(struct emit *e, const struct object *o, struct value *out)
{
	const struct maker *p = (const struct maker *)o;

	(void)e;
	value_string(out, (struct strrep){REP_NAME, 16});
	for (int i = 0; i < 2; i++)
		out->word[i] = p->name[i];
}

static void member_pid(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, ((const struct maker *)o)->pid);
}

static void member_uid(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_int(out, ((const struct maker *)o)->uid);
}

static void carry(struct emit *e, struct object *o)
{
	struct maker *p = (struct maker *)o;

	emit_carry_reg(e, &p->name[0]);
	emit_carry_reg(e, &p->name[1]);
	emit_carry_reg(e, &p->pid);
	emit_carry_reg(e, &p->uid);
	emit_carry_reg(e, &p->thread);
	if (emit_resuming(e))
		emit_thread_is(e, p->thread);
}

/* clang-format off */
static const struct source_member members[] = {
	{ "execname", member_execname, REP_NAME },
	{ "pid", member_pid },
	{ "uid", member_uid },
	{ NULL },
};
/* clang-format on */

/* No struct of dlib/ is offered, so it is not among the sources of registry.c. */
const struct object_source source_maker = {
	.tag = "",
	.members = members,
	.carry = carry,
	.size = sizeof(struct maker),
};
