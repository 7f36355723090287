/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fbt provider: the entry points of FreeBSD's socket layer that published
 * scripts name, under module freebsd, each at the Linux event that means the
 * same.  They are not functions of this kernel.
 *
 *	tcp_usr_attach, udp_attach	a socket is made
 *	sosend_generic (TCP), sosend_dgram (UDP), soreceive
 *					a process sends, receives
 *	in_pcbdetach			a socket ends: TCP's after its last segment
 *
 * A struct bsd_socket is a number, its cookie and protocol, and a struct inpcb is
 * the cookie: both may be kept in variables.
 */
#include <stddef.h>

#include "provider/call.h"
#include "provider/network.h"
#include "provider/tables.h"
#include "source/number.h"

#define PROTOCOL_BITS 8 /* dlib/fbt.d takes them apart */

static void fire_number(struct emit *e, int reg)
{
	struct number n;

	number_set(&n, reg);
	NETWORK_FIRE(e, &n.object);
}

/* cookie and protocol: registers */
static void fire_socket(struct emit *e, int cookie, int protocol)
{
	int reg = ir_reg(e->ir);

	ir_alui(e->ir, IR_SHL, reg, cookie, PROTOCOL_BITS);
	ir_alu(e->ir, IR_OR, reg, reg, protocol);
	fire_number(e, reg);
}

/* --- sockets made and given back by a process --- */

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

	fire_socket(e, cookie, emit_const(e, protocol));
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

static void udp_detach(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);

	(void)n;
	fire_number(e, cookie_of_context(e, SOCK_TYPE_DGRAM, PROTOCOL_UDP, skip));
	ir_place(e->ir, skip);
}

/* --- the end of a TCP socket --- */

static void tcp_detach(struct emit *e, const struct needs *n)
{
	int cookie = ir_reg(e->ir);

	(void)n;
	IR_CALL(e->ir, cookie, BPF_FUNC_get_socket_cookie, tracepoint_arg(e, 0));
	fire_number(e, cookie);
}

/* --- data --- */

/* A socket has a cookie since it was made under the trace, or was found at its start. */
static void fire_call(struct emit *e, struct place sk, int protocol, int skip)
{
	int cookie = sock_field(e, sk, "__sk_common.skc_cookie");

	skip_if(e, IR_EQ, cookie, 0, skip);
	fire_socket(e, cookie, protocol);
}

/* The sock of this family or skip: not one of AF_UNIX, whose protocol may be any. */
static void skip_family(struct emit *e, struct place sk, int skip)
{
	int inet = ir_label(e->ir), family = sock_field(e, sk, "__sk_common.skc_family");
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, family, 2, inet);
	skip_if(e, IR_NE, family, 10, skip);
	ir_place(e->ir, inet);
	emit_scope_end(e, mark);
}

static void send_call(struct emit *e, int protocol)
{
	int skip = ir_label(e->ir);
	struct place sk = call_socket(e, CALL_SENDS, skip);

	skip_family(e, sk, skip);
	skip_if(e, IR_NE, sock_field(e, sk, "sk_protocol"), protocol, skip);
	fire_call(e, sk, emit_const(e, protocol), skip);
	ir_place(e->ir, skip);
}

static void tcp_send_call(struct emit *e, const struct needs *n)
{
	(void)n;
	send_call(e, PROTOCOL_TCP);
}

static void udp_send_call(struct emit *e, const struct needs *n)
{
	(void)n;
	send_call(e, PROTOCOL_UDP);
}

static void receive_call(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), ok = ir_label(e->ir), protocol;
	struct place sk = call_socket(e, CALL_RECEIVES, skip);
	size_t mark;

	(void)n;
	skip_family(e, sk, skip);
	protocol = sock_field(e, sk, "sk_protocol");
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, protocol, PROTOCOL_TCP, ok);
	skip_if(e, IR_NE, protocol, PROTOCOL_UDP, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
	fire_call(e, sk, protocol, skip);
	ir_place(e->ir, skip);
}

/* clang-format off */
static const char *const socket_args[] = { "struct bsd_socket *" };
static const char *const socket_natives[] = { "uint64_t" };
static const char *const return_args[] = { "uintptr_t", "int" };
static const char *const pcb_args[] = { "struct inpcb *" };

#define WAYS(name, ...) static const struct way name##_ways[] = { __VA_ARGS__, { 0 } }

WAYS(tcp_entry, { &hook_sock_create, tcp_attach_entry, socket_natives });
WAYS(tcp_return, { &hook_sock_create, tcp_attach_return });
WAYS(udp_entry, { &hook_sock_create, udp_attach_entry, socket_natives });
WAYS(udp_return, { &hook_sock_create, udp_attach_return });
WAYS(sosend_generic, { &hook_sys_enter, tcp_send_call, socket_natives });
WAYS(sosend_dgram, { &hook_sys_enter, udp_send_call, socket_natives });
WAYS(soreceive, { &hook_sys_enter, receive_call, socket_natives });
WAYS(detach,
     { &hook_destroy_sock, tcp_detach },
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
