/* SPDX-License-Identifier: BSD-2-Clause */
#include "action/process.h"

#include <stddef.h>

int action_process(struct emit *e)
{
	if (emit_has_process(e))
		return emit_process(e, offsetof(struct process, pid), 4);
	return emit_peek_field(e, emit_task(e), "task_struct", "tgid");
}
