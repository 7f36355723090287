/* SPDX-License-Identifier: BSD-2-Clause */
/* What a script on the machine sees of the current process: it is this one, or with a capture
 * nobody known. */
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "replay/replay_impl.h"

void process_fill(struct process *p)
{
	*p = (struct process){
		.pid = getpid(),
		.tid = syscall(SYS_gettid),
		.ppid = getppid(),
		.uid = getuid(),
		.gid = getgid(),
		.euid = geteuid(),
		.egid = getegid(),
		.one = 1,
	};
	prctl(PR_GET_NAME, p->name);
}

void process_fill_unknown(struct process *p)
{
	*p = (struct process){.one = 1};
}

void process_fill_task(const struct program *p, const struct process *process, struct memory *m,
		       uint8_t *value)
{
	for (int i = 0; i < p->ntask_facts; i++) {
		const struct task_fact *f = &p->task_facts[i];
		uint64_t address = (uintptr_t)value + f->from;
		const void *from =
			f->is_address ? (const void *)&address : (const uint8_t *)process + f->from;

		memcpy(value + f->offset, from, f->size);
		memory_allow(m, value + f->offset, f->size);
	}
}
