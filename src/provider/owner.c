/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who owns the sockets.
 *
 *	sock_create	the process that makes one
 *	task_file	the process that had one when the trace started
 *	sys_enter	a call that is about to send or receive: before its first
 *			segment leaves, on every kernel
 *	io_uring_file_get
 *			the same of a request of io_uring
 *	sock_send_length, sock_recv_length
 *			since 6.3 (6e6eda44b939): what sends or receives without either,
 *			programs of 32 bits and io_uring's registered files, when it has
 *	sock_release	the last one that used it, for what is sent after close()
 *	set_state	an accepted socket gets its cookie, by which calls find it; the owner
 *			is kept apart when a socket listens, and when its connection goes on
 *			without it
 *	exec		the process has another name
 */
#include "provider/owner.h"

#include <stddef.h>

#include "provider/call.h"
#include "provider/found.h"
#include "provider/kernel.h"
#include "source/owner.h"

/* A process as it is kept, in registers. */
struct holder {
	int pid, uid, cgroup, name[2], age;
};

static struct place follow(struct emit *e, struct place from, const char *tag, const char *path)
{
	return (struct place){from.space, emit_peek_field(e, from, tag, path), 0};
}

/* Of a task the process: its leader has the name that ps shows. */
static void process_of(struct emit *e, struct place task, struct holder *p)
{
	struct field comm = emit_field(e, "task_struct", "comm");
	struct place leader = follow(e, task, "task_struct", "group_leader");
	struct place group =
		follow(e, follow(e, task, "task_struct", "cgroups"), "css_set", "dfl_cgrp");

	p->pid = emit_peek_field(e, task, "task_struct", "tgid");
	p->uid = emit_peek_field(e, follow(e, task, "task_struct", "cred"), "cred", "uid.val");
	p->cgroup = emit_peek_field(e, follow(e, group, "cgroup", "kn"), "kernfs_node", "id");
	for (int i = 0; i < 2; i++)
		p->name[i] = emit_peek(e, place_at(leader, (int)comm.bit_offset / 8 + i * 8), 8);
	p->age = owner_age(e);
}

/* Tracing programs load from it as it is; those of cgroups may not. */
static struct place current_task(struct emit *e, enum space space)
{
	int task = ir_reg(e->ir);

	IR_CALL0(e->ir, task,
		 space == SPACE_BTF ? BPF_FUNC_get_current_task_btf : BPF_FUNC_get_current_task);
	return (struct place){space, task, 0};
}

static void store(struct emit *e, struct place to, const struct holder *p)
{
	emit_store(e, place_at(to, offsetof(struct owner, pid)), p->pid, 4);
	emit_store(e, place_at(to, offsetof(struct owner, uid)), p->uid, 4);
	emit_store(e, place_at(to, offsetof(struct owner, cgroup)), p->cgroup, 8);
	for (int i = 0; i < 2; i++)
		emit_store(e, place_at(to, offsetof(struct owner, name) + i * 8), p->name[i], 8);
	emit_store(e, place_at(to, offsetof(struct owner, age)), p->age, 8);
}

#define PROTOCOL_MPTCP 262

/* --- with the socket --- */

void owner_made(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), at;
	struct holder p;

	(void)n;
	IR_CALL(e->ir, -1, BPF_FUNC_get_socket_cookie, emit_ctx(e));
	at = owner_of_socket(e, emit_ctx(e), true);
	skip_if(e, IR_EQ, at, 0, skip);
	process_of(e, current_task(e, SPACE_KERNEL), &p);
	store(e, (struct place){SPACE_MAP, at, 0}, &p);
	ir_place(e->ir, skip);
}

/* MPTCP's is met by number alone, by way of the kernel's that send for it. */
static void keep_whole(struct emit *e, struct place cookie, struct place owner)
{
	int no = ir_label(e->ir), protocol = ir_reg(e->ir);

	ir_load(e->ir, protocol, emit_ctx(e), offsetof(struct bpf_sock, protocol), 4);
	ir_branchi(e->ir, IR_NE, protocol, PROTOCOL_MPTCP, no);
	emit_map_update(e, owner_map_apart(e), cookie, owner, offsetof(struct drops, dynamic));
	ir_place(e->ir, no);
}

/* What the calls knew goes on with the socket, that sends on after close(). */
void owner_closed(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), cookie = ir_reg(e->ir), use, at;
	struct place key;

	(void)n;
	IR_CALL(e->ir, cookie, BPF_FUNC_get_socket_cookie, emit_ctx(e));
	use = owner_of_cookie(e, cookie);
	skip_if(e, IR_EQ, use, 0, skip);
	at = owner_of_socket(e, emit_ctx(e), true);
	skip_if(e, IR_EQ, at, 0, skip);
	emit_copy(e, (struct place){SPACE_MAP, at, 0}, (struct place){SPACE_MAP, use, 0},
		  sizeof(struct owner));
	key = (struct place){SPACE_STACK, ir_stack(e->ir, 8), 0};
	emit_store(e, key, cookie, 8);
	keep_whole(e, key, (struct place){SPACE_MAP, at, 0});
	emit_map_delete(e, owner_map_uses(e), key);
	ir_place(e->ir, skip);
}

#define FAMILY_INET 2
#define FAMILY_INET6 10

static void skip_family(struct emit *e, struct place sk, int skip)
{
	int ok = ir_label(e->ir), family = sock_field(e, sk, "__sk_common.skc_family");
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, family, FAMILY_INET, ok);
	skip_if(e, IR_NE, family, FAMILY_INET6, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/* Skips a socket that is not MPTCP's. */
static void skip_plain(struct emit *e, struct place sk, int skip)
{
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_NE, sock_field(e, sk, "sk_protocol"), PROTOCOL_MPTCP, skip);
	emit_scope_end(e, mark);
}

/* The first process that is found with a socket is its owner, unless something newer is known. */
void owner_found(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), apart = ir_label(e->ir), at, known = ir_reg(e->ir);
	struct place task = found_task(e, skip), sk = found_sock(e, skip);
	struct holder p;

	(void)n;
	skip_family(e, sk, skip);
	IR_CALL(e->ir, -1, BPF_FUNC_get_socket_cookie, sk.base);
	at = owner_of_socket(e, sk.base, true);
	skip_if(e, IR_EQ, at, 0, skip);
	ir_load(e->ir, known, at, offsetof(struct owner, age), 8);
	skip_if(e, IR_NE, known, 0, skip);
	process_of(e, task, &p);
	store(e, (struct place){SPACE_MAP, at, 0}, &p);
	ir_branchi(e->ir, IR_EQ, sock_field(e, sk, "__sk_common.skc_state"), KTCP_LISTEN, apart);
	skip_plain(e, sk, skip);
	ir_place(e->ir, apart);
	owner_set_apart(e, sk.base);
	ir_place(e->ir, skip);
}

/* A socket that opens a connection or listens. */
static void opened(struct emit *e, int sk, int state, int skip)
{
	size_t mark = emit_scope(e);

	IR_CALL(e->ir, -1, BPF_FUNC_get_socket_cookie, sk); /* the kernel's have none yet */
	owner_set_part(e, sk);
	ir_branchi(e->ir, IR_NE, state, KTCP_LISTEN, skip);
	emit_scope_end(e, mark);
}

void owner_state(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), accepted = ir_label(e->ir), apart = ir_label(e->ir),
	    opens = ir_label(e->ir), last = ir_reg(e->ir), state = ir_reg(e->ir),
	    sk = tracepoint_arg(e, 0);

	(void)n;
	ir_extend(e->ir, last, tracepoint_arg(e, 1), 4, false);
	ir_extend(e->ir, state, tracepoint_arg(e, 2), 4, false);
	ir_branchi(e->ir, IR_EQ, last, KTCP_SYN_RECV, accepted);
	ir_branchi(e->ir, IR_EQ, state, KTCP_LISTEN, opens);
	ir_branchi(e->ir, IR_EQ, state, KTCP_SYN_SENT, opens);
	skip_if(e, IR_NE, state, KTCP_CLOSE, skip);
	ir_branchi(e->ir, IR_EQ, last, KTCP_FIN_WAIT2, apart);
	ir_branchi(e->ir, IR_EQ, last, KTCP_CLOSING, apart);
	ir_jump(e->ir, skip);
	ir_place(e->ir, accepted);
	IR_CALL(e->ir, -1, BPF_FUNC_get_socket_cookie, sk);
	skip_plain(e, (struct place){SPACE_BTF, sk, 0}, skip);
	ir_jump(e->ir, apart);
	ir_place(e->ir, opens);
	opened(e, sk, state, skip);
	ir_place(e->ir, apart);
	owner_set_apart(e, sk);
	ir_place(e->ir, skip);
}

/* --- use --- */

/* The current process uses the socket: where it is known already it is written over. */
static void use(struct emit *e, int cookie)
{
	struct place key = {SPACE_STACK, ir_stack(e->ir, 8), 0};
	struct place value = {SPACE_STACK, ir_stack(e->ir, sizeof(struct owner)), 0};
	int fresh = ir_label(e->ir), done = ir_label(e->ir), at;
	struct holder p;

	process_of(e, current_task(e, SPACE_BTF), &p);
	at = owner_of_cookie(e, cookie);
	ir_branchi(e->ir, IR_EQ, at, 0, fresh);
	store(e, (struct place){SPACE_MAP, at, 0}, &p);
	ir_jump(e->ir, done);
	ir_place(e->ir, fresh);
	emit_store(e, key, cookie, 8);
	store(e, value, &p);
	emit_map_update(e, owner_map_uses(e), key, value, offsetof(struct drops, dynamic));
	ir_place(e->ir, done);
}

#define USES (CALL_SENDS | CALL_RECEIVES | CALL_CONNECTS)

/* A socket without a cookie is none of the internet's. */
static void used_by_call(struct emit *e, struct place sk, int skip)
{
	int cookie = owner_cookie(e, sk);

	skip_if(e, IR_EQ, cookie, 0, skip);
	use(e, cookie);
}

void owner_calls(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);

	(void)n;
	used_by_call(e, call_socket(e, USES, skip), skip);
	ir_place(e->ir, skip);
}

void owner_requests(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);

	(void)n;
	if (kernel_has_uring_request(e))
		used_by_call(e, uring_socket(e, USES, skip), skip);
	ir_place(e->ir, skip);
}

/* The last to use the socket was this process, as far as is known. */
static void skip_known(struct emit *e, int cookie, int skip)
{
	int at = owner_of_cookie(e, cookie), pid = ir_reg(e->ir), last = ir_reg(e->ir),
	    unknown = ir_label(e->ir);

	emit_branch_point(e);
	ir_branchi(e->ir, IR_EQ, at, 0, unknown);
	ir_load(e->ir, last, at, offsetof(struct owner, pid), 4);
	IR_CALL0(e->ir, pid, BPF_FUNC_get_current_pid_tgid);
	ir_alui(e->ir, IR_SHR, pid, pid, 32);
	ir_branch(e->ir, IR_EQ, pid, last, skip);
	ir_place(e->ir, unknown);
}

/* The calls of processes were seen when they began; what is new here is what had none. */
static void used(struct emit *e, int skip)
{
	struct place sk = {SPACE_BTF, tracepoint_arg(e, 0), 0};
	int cookie = ir_reg(e->ir), length = ir_reg(e->ir);

	ir_extend(e->ir, length, tracepoint_arg(e, 1), 4, true);
	emit_branch_point(e);
	ir_branchi(e->ir, IR_SLE, length, 0, skip);
	skip_family(e, sk, skip);
	skip_if(e, IR_NE, sock_field(e, sk, "sk_kern_sock"), 0, skip);
	IR_CALL(e->ir, cookie, BPF_FUNC_get_socket_cookie, sk.base);
	skip_known(e, cookie, skip);
	use(e, cookie);
}

void owner_sent(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);

	(void)n;
	used(e, skip);
	ir_place(e->ir, skip);
}

#define PEEK 2 /* MSG_PEEK: it stays in the socket */

void owner_received(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), flags = ir_reg(e->ir);

	(void)n;
	ir_alui(e->ir, IR_AND, flags, tracepoint_arg(e, 2), PEEK);
	skip_if(e, IR_NE, flags, 0, skip);
	used(e, skip);
	ir_place(e->ir, skip);
}

void owner_renamed(struct emit *e, const struct needs *n)
{
	struct place key = {SPACE_STACK, ir_stack(e->ir, 8), 0};
	struct place value = {SPACE_STACK, ir_stack(e->ir, sizeof(struct owner)), 0};
	struct holder p;

	(void)n;
	owner_age_more(e);
	process_of(e, current_task(e, SPACE_BTF), &p);
	emit_store(e, key, p.pid, 8);
	store(e, value, &p);
	emit_map_update(e, owner_map_execs(e), key, value, offsetof(struct drops, dynamic));
}
