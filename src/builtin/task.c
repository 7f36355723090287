/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables of the current thread, and what Linux has in place of zones and jails. */
#include <stddef.h>

#include "builtin/builtin_tables.h"
#include "emit/emit.h"

static void code_curthread(struct emit *e, struct node *n, struct value *out)
{
	(void)n;
	value_pointer(out, emit_task(e).space, emit_task(e).base, false);
}

enum { TASK_PID, TASK_TID };

static void code_task(struct emit *e, struct node *n, struct value *out)
{
	static const char *const fields[] = {[TASK_PID] = "tgid", [TASK_TID] = "pid"};

	value_int(out, emit_peek_field(e, emit_task(e), "task_struct", fields[n->builtin->which]));
}

static void code_ppid(struct emit *e, struct node *n, struct value *out)
{
	struct place parent = emit_task(e);

	(void)n;
	parent.base = emit_peek_field(e, parent, "task_struct", "real_parent");
	parent.off = 0;
	value_int(out, emit_peek_field(e, parent, "task_struct", "tgid"));
}

enum { CRED_UID, CRED_GID, CRED_EUID, CRED_EGID };

static void code_cred(struct emit *e, struct node *n, struct value *out)
{
	static const char *const fields[] = {
		[CRED_UID] = "uid.val",
		[CRED_GID] = "gid.val",
		[CRED_EUID] = "euid.val",
		[CRED_EGID] = "egid.val",
	};
	struct place cred = emit_task(e);

	cred.base = emit_peek_field(e, cred, "task_struct", "cred");
	/* The verifier knows cred as RCU-protected only from some kernel on: read it as any
	 * address. */
	cred.space = SPACE_KERNEL;
	cred.off = 0;
	value_int(out, emit_peek_field(e, cred, "cred", fields[n->builtin->which]));
}

static void code_execname(struct emit *e, struct node *n, struct value *out)
{
	struct field f = emit_field(e, "task_struct", "comm");
	struct place at = place_at(emit_task(e), f.bit_offset / 8);

	(void)n;
	value_string(out, (struct strrep){REP_NAME, 16});
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

#define V BUILTIN_VARIABLE
/* clang-format off */
const struct builtin builtin_task[] = {
	{ "curthread", V, "struct task_struct *", .code = code_curthread },
	{ "egid",      V, "gid_t", .code = code_cred, .which = CRED_EGID },
	{ "euid",      V, "uid_t", .code = code_cred, .which = CRED_EUID },
	{ "execname",  V, "string", .code = code_execname, .rep = REP_NAME },
	{ "gid",       V, "gid_t", .code = code_cred, .which = CRED_GID },
	{ "ipl",       V, "uint_t", .code = code_zero },
	{ "jailname",  V, "string", .code = code_global_zone, .rep = REP_LITERAL },
	{ "jid",       V, "int", .code = code_zero },
	{ "pid",       V, "pid_t", .code = code_task, .which = TASK_PID },
	{ "ppid",      V, "pid_t", .code = code_ppid },
	{ "tid",       V, "id_t", .code = code_task, .which = TASK_TID },
	{ "uid",       V, "uid_t", .code = code_cred, .which = CRED_UID },
	{ "zonename",  V, "string", .code = code_global_zone, .rep = REP_LITERAL },
	{ NULL },
};
/* clang-format on */
