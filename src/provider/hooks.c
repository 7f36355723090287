/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's hooks:
 *
 *	cgroup_skb ingress/egress, root of cgroup v2: each segment and datagram of
 *	each namespace, with its socket; headers by bpf_skb_load_bytes()
 *	net_dev_queue, netif_receive_skb: each packet to and from a device
 *	inet_sock_set_state: state changes with the socket
 *	kfree_skb: segments that TCP took in without a full socket
 *	cgroup/sock_create, sock_release: a process makes a socket, the last one lets
 *	it go; of accepted ones only the second
 *	sock_send_length, sock_recv_length: a call that sent or received has ended,
 *	with the number of bytes or an error
 *	tcp_destroy_sock: a TCP socket ends, after its last segment
 *	io_uring_file_get: a request of a ring has found its file, and begins, in a
 *	thread of the ring's process
 *	sys_enter, sched_process_exec: what a process does
 *	iter/task_file: each open file of each process, once when the trace starts
 *	the software clock of each CPU
 *	none: the consumer runs the program itself
 */
#include "provider/hooks.h"

#define CGROUP(id, label, type, at)                                                                \
	const struct hook id = {.name = label,                                                     \
				.prog_type = type,                                                 \
				.attach_type = at,                                                 \
				.attach = ATTACH_CGROUP,                                           \
				.pass = 1}
#define TRACEPOINT(id, tp)                                                                         \
	const struct hook id = {.name = "tp_btf/" tp,                                              \
				.prog_type = BPF_PROG_TYPE_TRACING,                                \
				.attach_type = BPF_TRACE_RAW_TP,                                   \
				.attach = ATTACH_TP_BTF,                                           \
				.target = tp}

CGROUP(hook_egress, "cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS);
CGROUP(hook_ingress, "cgroup_skb/ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS);
CGROUP(hook_sock_create, "cgroup/sock_create", BPF_PROG_TYPE_CGROUP_SOCK,
       BPF_CGROUP_INET_SOCK_CREATE);
CGROUP(hook_sock_release, "cgroup/sock_release", BPF_PROG_TYPE_CGROUP_SOCK,
       BPF_CGROUP_INET_SOCK_RELEASE);
TRACEPOINT(hook_dev_queue, "net_dev_queue");
TRACEPOINT(hook_receive_skb, "netif_receive_skb");
TRACEPOINT(hook_set_state, "inet_sock_set_state");
TRACEPOINT(hook_kfree_skb, "kfree_skb");
TRACEPOINT(hook_destroy_sock, "tcp_destroy_sock");
TRACEPOINT(hook_send_length, "sock_send_length");
TRACEPOINT(hook_recv_length, "sock_recv_length");
TRACEPOINT(hook_sys_enter, "sys_enter");
TRACEPOINT(hook_exec, "sched_process_exec");

const struct hook hook_uring_file = {
	.name = "tp_btf/io_uring_file_get",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_RAW_TP,
	.attach = ATTACH_TP_BTF,
	.target = "io_uring_file_get",
	.leader = true,
};

const struct hook hook_files = {
	.name = "iter/task_file",
	.prog_type = BPF_PROG_TYPE_TRACING,
	.attach_type = BPF_TRACE_ITER,
	.attach = ATTACH_ITER,
	.target = "task_file",
	.task_in = "bpf_iter__task_file",
};

const struct hook hook_clock = {
	.name = "perf_event/cpu-clock",
	.prog_type = BPF_PROG_TYPE_PERF_EVENT,
	.attach = ATTACH_PERF,
};

const struct hook hook_consumer = {
	.name = "raw_tp/consumer",
	.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
	.attach = ATTACH_NONE,
};
