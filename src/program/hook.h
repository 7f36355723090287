/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel hooks that providers choose from. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <linux/bpf.h>

enum hook_attach {
	ATTACH_NONE,	/* run by the consumer: a raw tracepoint program without its tracepoint */
	ATTACH_CGROUP,	/* on the root of cgroup v2 */
	ATTACH_TP_BTF,	/* typed raw tracepoint `target` */
	ATTACH_PERF,	/* software clock on each CPU: profile-N */
	ATTACH_CAPTURE, /* each packet or change of a capture that fires the probe */
	ATTACH_ITER, /* iterator `target`: runs for each of its elements when the engine is told */
};

struct hook {
	const char *name; /* "cgroup_skb/egress", "tp_btf/net_dev_queue": for -v, -S, messages */
	enum bpf_prog_type prog_type;
	enum bpf_attach_type attach_type;
	enum hook_attach attach;
	const char *target; /* tracepoint, iterator */
	int number;	    /* ATTACH_CAPTURE: enum captured_kind */
	int32_t pass;	    /* what the program returns, on every path */
	/* The context's struct, if it has the task that the event is about (task); NULL: that is
	 * the current one. */
	const char *task_in;
	bool leader; /* the event is about the current task's process: its first thread */
};
