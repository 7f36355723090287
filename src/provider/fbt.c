/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fbt provider: the entry points of FreeBSD's socket layer that published
 * scripts name, under module freebsd, each at the Linux event that means the
 * same.  They are not functions of this kernel.
 *
 *	tcp_usr_attach, udp_attach	a socket is made, by a process or for a connection to
 *					a listener
 *	sosend_generic (TCP), sosend_dgram (UDP), soreceive
 *					a process sends, receives; once for each socket that
 *					is there at the start
 *	in_pcbdetach			a socket ends: TCP's after its last segment
 *
 * A struct bsd_socket is a number, its cookie and protocol, and a struct inpcb is
 * the cookie: both may be kept in variables.
 */
#include <stddef.h>

#include "provider/call.h"
#include "provider/found.h"
#include "provider/kernel.h"
#include "provider/network.h"
#include "provider/tables.h"
#include "source/number.h"
#include "source/subject.h"

#define PROTOCOL_BITS 8 /* dlib/fbt.d takes them apart */

enum { AF_INET_NUMBER = 2, AF_INET6_NUMBER = 10 };

/* cookie and protocol: registers; process: NULL where it is the hook's task */
static void fire_socket(struct emit *e, int cookie, int protocol, const struct object *process)
{
	int reg = ir_reg(e->ir);
	struct number so;

	ir_alui(e->ir, IR_SHL, reg, cookie, PROTOCOL_BITS);
	ir_alu(e->ir, IR_OR, reg, reg, protocol);
	number_set(&so, reg);
	emit_fire(e, (const struct object *[]){&so.object, process}, process ? 2 : 1);
}

/* Skips what is not of this protocol (0: neither TCP nor UDP); else the protocol in a register.
 * One of another family may have any number there. */
static int protocol_of(struct emit *e, struct place sk, int wanted, int skip)
{
	int inet = ir_label(e->ir), ok = ir_label(e->ir);
	int family = sock_field(e, sk, "__sk_common.skc_family"), protocol;
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, family, AF_INET_NUMBER, inet);
	skip_if(e, IR_NE, family, AF_INET6_NUMBER, skip);
	ir_place(e->ir, inet);
	emit_scope_end(e, mark);
	protocol = sock_field(e, sk, "sk_protocol");
	if (wanted) {
		skip_if(e, IR_NE, protocol, wanted, skip);
		return protocol;
	}
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, protocol, PROTOCOL_TCP, ok);
	skip_if(e, IR_NE, protocol, PROTOCOL_UDP, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
	return protocol;
}

/* --- sockets made by a process --- */

/* The context's socket, of this kind, or skip: its cookie. */
static int cookie_of_context(struct emit *e, int type, int protocol, int skip)
{
	int field = ir_reg(e->ir), cookie = ir_reg(e->ir);

	ir_load(e->ir, field, emit_ctx(e), offsetof(struct bpf_sock, protocol), 4);
	skip_if(e, IR_NE, field, protocol, skip);
	field = ir_reg(e->ir);
	ir_load(e->ir, field, emit_ctx(e), offsetof(struct bpf_sock, type), 4);
	skip_if(e, IR_NE, field, type, skip);
	IR_CALL(e->ir, cookie, BPF_FUNC_get_socket_cookie, emit_ctx(e));
	return cookie;
}

static void attach_entry(struct emit *e, int type, int protocol)
{
	int skip = ir_label(e->ir), cookie = cookie_of_context(e, type, protocol, skip);

	fire_socket(e, cookie, emit_const(e, protocol), NULL);
	ir_place(e->ir, skip);
}

/* args[0]: where FreeBSD's function returned; args[1]: its error */
static void attach_return(struct emit *e, int type, int protocol)
{
	int skip = ir_label(e->ir);
	struct number zero;

	cookie_of_context(e, type, protocol, skip);
	number_set(&zero, emit_const(e, 0));
	NETWORK_FIRE(e, &zero.object, &zero.object);
	ir_place(e->ir, skip);
}

static void tcp_attach_entry(struct emit *e, const struct needs *n)
{
	(void)n;
	attach_entry(e, SOCK_TYPE_STREAM, PROTOCOL_TCP);
}

static void tcp_attach_return(struct emit *e, const struct needs *n)
{
	(void)n;
	attach_return(e, SOCK_TYPE_STREAM, PROTOCOL_TCP);
}

static void udp_attach_entry(struct emit *e, const struct needs *n)
{
	(void)n;
	attach_entry(e, SOCK_TYPE_DGRAM, PROTOCOL_UDP);
}

static void udp_attach_return(struct emit *e, const struct needs *n)
{
	(void)n;
	attach_return(e, SOCK_TYPE_DGRAM, PROTOCOL_UDP);
}

/* --- sockets accepted --- */

/* A word that is not 0 once accepted sockets are seen with their addresses when they are made;
 * a register with its address, perhaps 0. */
static int made_complete(struct emit *e)
{
	return emit_map_only(e, "made_complete", BPF_MAP_TYPE_ARRAY, 8);
}

/* listen -> syn-received, if the socket is complete by then, which is noted */
static void made_early(struct emit *e, const struct tcp_socket *t, int skip)
{
	int word;

	skip_if(e, IR_NE, t->state, KTCP_SYN_RECV, skip);
	skip_if(e, IR_NE, t->last, KTCP_LISTEN, skip);
	skip_if(e, IR_EQ, sock_field(e, t->sk, "__sk_common.skc_dport"), 0, skip);
	word = made_complete(e);
	skip_if(e, IR_EQ, word, 0, skip);
	ir_store(e->ir, word, 0, emit_const(e, 1), 8);
}

/* syn-received -> established of a passive open, unless it was told before */
static void made_late(struct emit *e, const struct tcp_socket *t, int skip)
{
	int word, told = ir_reg(e->ir);

	skip_if(e, IR_NE, t->last, KTCP_SYN_RECV, skip);
	skip_if(e, IR_NE, tcp_socket_active(e, t), 0, skip);
	word = made_complete(e);
	skip_if(e, IR_EQ, word, 0, skip);
	ir_load(e->ir, told, word, 0, 8);
	skip_if(e, IR_NE, told, 0, skip);
}

/*
 * The kernel makes a connection's socket when the handshake ends, and sets its
 * state: since 6.14 (a3a128f611a9) when it has its addresses and cookie, before
 * nobody finds it; earlier kernels before that, so there the next change counts.
 */
static void accepted(struct emit *e, struct tcp_socket *t, int *cookie, struct subject *p, int skip)
{
	int late = ir_label(e->ir), made = ir_label(e->ir);
	size_t mark;

	tcp_socket_of_set_state(e, t, skip);
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, t->state, KTCP_ESTABLISHED, late);
	made_early(e, t, skip);
	ir_jump(e->ir, made);
	emit_scope_end(e, mark);
	ir_place(e->ir, late);
	made_late(e, t, skip);
	ir_place(e->ir, made);
	emit_scope_end(e, mark);
	*cookie = tcp_socket_cookie(e, t);
	subject_of_argument(e, p, *cookie);
}

static void accept_entry(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), cookie;
	struct tcp_socket socket;
	struct subject process;

	(void)n;
	accepted(e, &socket, &cookie, &process, skip);
	fire_socket(e, cookie, emit_const(e, PROTOCOL_TCP), &process.object);
	ir_place(e->ir, skip);
}

static void accept_return(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), cookie;
	struct tcp_socket socket;
	struct subject process;
	struct number zero;

	(void)n;
	accepted(e, &socket, &cookie, &process, skip);
	number_set(&zero, emit_const(e, 0));
	NETWORK_FIRE(e, &zero.object, &zero.object, &process.object);
	ir_place(e->ir, skip);
}

/* --- the end of a socket --- */

static void udp_detach(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct number pcb;

	(void)n;
	number_set(&pcb, cookie_of_context(e, SOCK_TYPE_DGRAM, PROTOCOL_UDP, skip));
	NETWORK_FIRE(e, &pcb.object);
	ir_place(e->ir, skip);
}

static void tcp_detach(struct emit *e, const struct needs *n)
{
	int cookie = ir_reg(e->ir);
	struct subject process;
	struct number pcb;

	(void)n;
	IR_CALL(e->ir, cookie, BPF_FUNC_get_socket_cookie, tracepoint_arg(e, 0));
	number_set(&pcb, cookie);
	subject_of_argument(e, &process, cookie);
	NETWORK_FIRE(e, &pcb.object, &process.object);
}

/* --- data --- */

/* A socket has had a cookie since it was made under the trace, or found at its start. */
static void fire_used(struct emit *e, struct place sk, int wanted, int skip)
{
	int protocol = protocol_of(e, sk, wanted, skip);
	int cookie = sock_field(e, sk, "__sk_common.skc_cookie");

	skip_if(e, IR_EQ, cookie, 0, skip);
	fire_socket(e, cookie, protocol, NULL);
}

static void call_fires(struct emit *e, enum call_direction direction, int wanted)
{
	int skip = ir_label(e->ir);

	fire_used(e, call_socket(e, direction, skip), wanted, skip);
	ir_place(e->ir, skip);
}

static void request_fires(struct emit *e, enum call_direction direction, int wanted)
{
	int skip = ir_label(e->ir);

	if (kernel_has_uring_request(e))
		fire_used(e, uring_socket(e, direction, skip), wanted, skip);
	ir_place(e->ir, skip);
}

/* As if its process had just sent or received: so scripts know of sockets older than the trace. */
static void found_fires(struct emit *e, enum call_direction direction, int wanted)
{
	int skip = ir_label(e->ir), cookie = ir_reg(e->ir), protocol;
	struct place sk = found_socket(e, 1u << direction, skip);

	protocol = protocol_of(e, sk, wanted, skip);
	IR_CALL(e->ir, cookie, BPF_FUNC_get_socket_cookie, sk.base);
	fire_socket(e, cookie, protocol, NULL);
	ir_place(e->ir, skip);
}

static void tcp_send_call(struct emit *e, const struct needs *n)
{
	(void)n;
	call_fires(e, CALL_SENDS, PROTOCOL_TCP);
}

static void tcp_send_request(struct emit *e, const struct needs *n)
{
	(void)n;
	request_fires(e, CALL_SENDS, PROTOCOL_TCP);
}

static void tcp_send_found(struct emit *e, const struct needs *n)
{
	(void)n;
	found_fires(e, CALL_SENDS, PROTOCOL_TCP);
}

static void udp_send_call(struct emit *e, const struct needs *n)
{
	(void)n;
	call_fires(e, CALL_SENDS, PROTOCOL_UDP);
}

static void udp_send_request(struct emit *e, const struct needs *n)
{
	(void)n;
	request_fires(e, CALL_SENDS, PROTOCOL_UDP);
}

static void udp_send_found(struct emit *e, const struct needs *n)
{
	(void)n;
	found_fires(e, CALL_SENDS, PROTOCOL_UDP);
}

static void receive_call(struct emit *e, const struct needs *n)
{
	(void)n;
	call_fires(e, CALL_RECEIVES, 0);
}

static void receive_request(struct emit *e, const struct needs *n)
{
	(void)n;
	request_fires(e, CALL_RECEIVES, 0);
}

static void receive_found(struct emit *e, const struct needs *n)
{
	(void)n;
	found_fires(e, CALL_RECEIVES, 0);
}

/* clang-format off */
static const char *const socket_args[] = { "struct bsd_socket *" };
static const char *const socket_natives[] = { "uint64_t" };
static const char *const return_args[] = { "uintptr_t", "int" };
static const char *const pcb_args[] = { "struct inpcb *" };

#define WAYS(name, ...) static const struct way name##_ways[] = { __VA_ARGS__, { 0 } }

/* So that the process of a socket is known where another task is current. */
#define KNOW_SUBJECT OWNER_WAYS_FOR(NEED_SUBJECT)

WAYS(tcp_entry,
     KNOW_SUBJECT,
     { &hook_sock_create, tcp_attach_entry, socket_natives },
     { &hook_set_state, accept_entry, socket_natives, .subject = 2 });
WAYS(tcp_return,
     KNOW_SUBJECT,
     { &hook_sock_create, tcp_attach_return },
     { &hook_set_state, accept_return, .subject = 3 });
WAYS(udp_entry, { &hook_sock_create, udp_attach_entry, socket_natives });
WAYS(udp_return, { &hook_sock_create, udp_attach_return });
WAYS(sosend_generic,
     { &hook_files, tcp_send_found, socket_natives },
     { &hook_sys_enter, tcp_send_call, socket_natives },
     { &hook_uring_file, tcp_send_request, socket_natives, .optional = true });
WAYS(sosend_dgram,
     { &hook_files, udp_send_found, socket_natives },
     { &hook_sys_enter, udp_send_call, socket_natives },
     { &hook_uring_file, udp_send_request, socket_natives, .optional = true });
WAYS(soreceive,
     { &hook_files, receive_found, socket_natives },
     { &hook_sys_enter, receive_call, socket_natives },
     { &hook_uring_file, receive_request, socket_natives, .optional = true });
WAYS(detach,
     KNOW_SUBJECT,
     { &hook_destroy_sock, tcp_detach, .subject = 2 },
     { &hook_sock_release, udp_detach });

/* The entry of a function comes before its return: so they fire where both are at one hook. */
static const struct probe_row rows[] = {
	{ "entry", ROLE_EVENT, pcb_args, 1, detach_ways, "in_pcbdetach" },
	{ "entry", ROLE_EVENT, socket_args, 1, soreceive_ways, "soreceive" },
	{ "entry", ROLE_EVENT, socket_args, 1, sosend_dgram_ways, "sosend_dgram" },
	{ "entry", ROLE_EVENT, socket_args, 1, sosend_generic_ways, "sosend_generic" },
	{ "entry", ROLE_EVENT, socket_args, 1, tcp_entry_ways, "tcp_usr_attach" },
	{ "return", ROLE_EVENT, return_args, 2, tcp_return_ways, "tcp_usr_attach" },
	{ "entry", ROLE_EVENT, socket_args, 1, udp_entry_ways, "udp_attach" },
	{ "return", ROLE_EVENT, return_args, 2, udp_return_ways, "udp_attach" },
	{ 0 },
};
/* clang-format on */

const struct provider provider_fbt = {
	.name = "fbt",
	.module = "freebsd",
	.library = "fbt.d",
	.probe = {STABILITY_EVOLVING, STABILITY_EVOLVING, DEPENDENCY_ISA},
	.arg = {STABILITY_EVOLVING, STABILITY_EVOLVING, DEPENDENCY_ISA},
	.rows = rows,
	.elsewhere =
		"fbt has no functions of this kernel, but what published scripts name of FreeBSD's "
		"socket layer: dtrace -l -P fbt lists it; ip, tcp and udp have the packets",
};
