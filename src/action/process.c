/* SPDX-License-Identifier: BSD-2-Clause */
#include "action/process.h"

#include <stddef.h>

#include "emit/builtin.h"

int action_process(struct emit *e)
{
	if (emit_has_process(e))
		return emit_process(e, offsetof(struct process, pid), 4);
	return emit_peek_field(e, emit_task(e), "task_struct", "tgid");
}

bool action_has_process(struct emit *e, const struct node *n, const char *what)
{
	const char *name = n->builtin->name;
	const struct probe *p = emit_probe(e);

	if (emit_has_process(e))
		emit_error(e, n->loc, "D_ACT_ENGINE",
			   "%s( ) is not to be had with engine=machine: there is no kernel to %s",
			   name, what);
	else if (emit_hook(e)->prog_type == BPF_PROG_TYPE_CGROUP_SKB)
		emit_error(
			e, n->loc, "D_ACT_HOOK",
			"%s( ) is not to be had at %s:::%s: the process that runs while a packet "
			"passes is any, and the kernel lets no program on packets %s",
			name, p->provider, p->name, what);
	else if (emit_subject(e))
		emit_error(e, n->loc, "D_ACT_HOOK",
			   "%s( ) is not to be had at %s:%s:%s:%s: pid is the socket's process "
			   "there, which need not be the one that runs",
			   name, p->provider, p->module, p->function, p->name);
	else
		return true;
	return false;
}
