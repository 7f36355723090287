/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables of the current thread, and what Linux has in place of zones and jails. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "builtin/task_model.h"
#include "emit/emit.h"
#include "source/source.h"

static void code_curthread(struct emit *e, struct node *n, struct value *out)
{
	struct place task = emit_has_process(e) ? task_model(e) : emit_task(e);

	(void)n;
	value_pointer(out, task.space, task.base, false);
}

enum { TASK_PID, TASK_TID, TASK_PPID, CRED_UID, CRED_GID, CRED_EUID, CRED_EGID };

/* clang-format off */
static const struct {
	const char *field; /* of task_struct, or of cred */
	unsigned offset;   /* in struct process */
} numbers[] = {
	[TASK_PID]  = { "tgid",     offsetof(struct process, pid) },
	[TASK_TID]  = { "pid",      offsetof(struct process, tid) },
	[TASK_PPID] = { "tgid",     offsetof(struct process, ppid) },
	[CRED_UID]  = { "uid.val",  offsetof(struct process, uid) },
	[CRED_GID]  = { "gid.val",  offsetof(struct process, gid) },
	[CRED_EUID] = { "euid.val", offsetof(struct process, euid) },
	[CRED_EGID] = { "egid.val", offsetof(struct process, egid) },
};
/* clang-format on */

static int task_number(struct emit *e, int which)
{
	return emit_peek_field(e, emit_task(e), "task_struct", numbers[which].field);
}

static int parent_number(struct emit *e, int which)
{
	struct place parent = emit_task(e);

	parent.base = emit_peek_field(e, parent, "task_struct", "real_parent");
	parent.off = 0;
	return emit_peek_field(e, parent, "task_struct", numbers[which].field);
}

static int cred_number(struct emit *e, int which)
{
	struct place cred = emit_task(e);

	cred.base = emit_peek_field(e, cred, "task_struct", "cred");
	/* The verifier knows cred as RCU-protected only from some kernel on: read it as any
	 * address. */
	cred.space = SPACE_KERNEL;
	cred.off = 0;
	return emit_peek_field(e, cred, "cred", numbers[which].field);
}

/* The variable, of the process that the way hands on; false: the hook's task has it. */
static bool of_subject(struct emit *e, struct node *n, struct value *out)
{
	const struct object *subject = emit_subject(e);
	const struct source_member *m =
		subject ? source_member(subject->source, n->builtin->name) : NULL;

	if (m)
		m->code(e, subject, out);
	return m;
}

static void code_number(struct emit *e, struct node *n, struct value *out)
{
	int which = n->builtin->which;

	if (of_subject(e, n, out))
		return;
	if (emit_has_process(e))
		value_int(out, emit_process(e, numbers[which].offset, 4));
	else if (which == TASK_PPID)
		value_int(out, parent_number(e, which));
	else
		value_int(out, which < TASK_PPID ? task_number(e, which) : cred_number(e, which));
}

static void code_execname(struct emit *e, struct node *n, struct value *out)
{
	struct place at;

	if (of_subject(e, n, out))
		return;
	value_string(out, (struct strrep){REP_NAME, 16});
	if (emit_has_process(e)) {
		for (int i = 0; i < 2; i++)
			out->word[i] = emit_process(e, offsetof(struct process, name) + 8 * i, 8);
		return;
	}
	at = place_at(emit_task(e), emit_field(e, "task_struct", "comm").bit_offset / 8);
	out->word[0] = emit_peek(e, at, 8);
	out->word[1] = emit_peek(e, place_at(at, 8), 8);
}

/* What Linux does not have: the documented neutral value. */
static void code_zero(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_int(out, emit_const(e, 0));
}

static void code_global_zone(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	emit_string_literal(e, "global", out);
}

/* Time that the thread has run, as the scheduler last counted it: at a tick, and where it sleeps.
 */
static void code_vtimestamp(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	if (emit_has_process(e))
		value_int(out, emit_time(e));
	else
		value_int(out,
			  emit_peek_field(e, emit_task(e), "task_struct", "se.sum_exec_runtime"));
}

#define V BUILTIN_VARIABLE
/* clang-format off */
const struct builtin builtin_task[] = {
	{ "curthread", V, "struct task_struct *", .code = code_curthread },
	{ "egid",      V, "gid_t", .code = code_number, .which = CRED_EGID },
	{ "errno",     V, "int", .code = code_zero },
	{ "euid",      V, "uid_t", .code = code_number, .which = CRED_EUID },
	{ "execname",  V, "string", .code = code_execname, .rep = REP_NAME,
	  .needs = NEED_SUBJECT },
	{ "gid",       V, "gid_t", .code = code_number, .which = CRED_GID },
	{ "ipl",       V, "uint_t", .code = code_zero },
	{ "jailname",  V, "string", .code = code_global_zone, .rep = REP_LITERAL },
	{ "jid",       V, "int", .code = code_zero },
	{ "pid",       V, "pid_t", .code = code_number, .which = TASK_PID,
	  .needs = NEED_SUBJECT },
	{ "ppid",      V, "pid_t", .code = code_number, .which = TASK_PPID },
	{ "tid",       V, "id_t", .code = code_number, .which = TASK_TID },
	{ "uid",       V, "uid_t", .code = code_number, .which = CRED_UID,
	  .needs = NEED_SUBJECT },
	{ "vtimestamp", V, "uint64_t", .code = code_vtimestamp, .needs = NEED_TIME },
	{ "zonename",  V, "string", .code = code_global_zone, .rep = REP_LITERAL },
	{ NULL },
};
/* clang-format on */
