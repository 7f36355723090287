/* SPDX-License-Identifier: BSD-2-Clause */
/* A TCP connection with its full socket, at a cgroup hook, at inet_sock_set_state, or with a
 * packet. */
#include "source/tcp_opening.h"

#include <stddef.h>

#include "source/owner.h"

/* Sets tp; skips what is no struct tcp_sock. */
static void find_tp(struct emit *e, struct tcp_socket *t, int sk, int skip)
{
	int tp = ir_reg(e->ir);

	IR_CALL(e->ir, tp, BPF_FUNC_skc_to_tcp_sock, sk);
	skip_if(e, IR_EQ, tp, 0, skip);
	t->tp = (struct place){SPACE_BTF, tp, 0};
}

static struct tcp_socket unknown_yet(enum tcp_socket_from from)
{
	return (struct tcp_socket){
		.object.source = &source_tcp_socket,
		.state = -1,
		.last = -1,
		.expected = -1,
		.retransmit = -1,
		.from = from,
	};
}

void tcp_socket_of_cgroup(struct emit *e, struct tcp_socket *t, unsigned states, int skip)
{
	*t = unknown_yet(TCP_FROM_CONTEXT);
	find_tp(e, t, cgroup_socket(e, SOCK_TYPE_STREAM, PROTOCOL_TCP, states, skip), skip);
	t->sk = t->tp;
}

static struct place sk_argument(struct emit *e)
{
	return (struct place){SPACE_BTF, tracepoint_arg(e, 0), 0};
}

void tcp_socket_of_set_state(struct emit *e, struct tcp_socket *t, int skip)
{
	*t = unknown_yet(TCP_FROM_ARGUMENT);
	t->sk = sk_argument(e);
	skip_if(e, IR_NE, sock_field(e, t->sk, "sk_protocol"), PROTOCOL_TCP, skip);
	skip_if(e, IR_NE, sock_field(e, t->sk, "sk_type"), SOCK_TYPE_STREAM, skip);
	find_tp(e, t, t->sk.base, skip);
	t->last = ir_reg(e->ir);
	t->state = ir_reg(e->ir);
	ir_extend(e->ir, t->last, tracepoint_arg(e, 1), 4, false);
	ir_extend(e->ir, t->state, tracepoint_arg(e, 2), 4, false);
}

/*
 * The socket of the tracepoint's packet.  6.18's helpers do not take such a pointer
 * for a socket, so what is in struct tcp_sock is read as memory.
 */
static void find_by_skb(struct emit *e, struct tcp_socket *t)
{
	t->sk.base = emit_peek_field(e, sk_argument(e), "sk_buff", "sk");
	t->sk.space = SPACE_BTF;
	t->tp = (struct place){SPACE_KERNEL, emit_number_of(e, t->sk), 0};
}

void tcp_socket_of_skb(struct emit *e, struct tcp_socket *t, int skip)
{
	int state;

	*t = unknown_yet(TCP_FROM_SKB);
	t->sending = true;
	find_by_skb(e, t);
	skip_if(e, IR_EQ, t->sk.base, 0, skip);
	state = sock_field(e, t->sk, "__sk_common.skc_state");
	skip_if(e, IR_EQ, state, KTCP_LISTEN, skip);
	/* not full ones */
	skip_if(e, IR_EQ, state, KTCP_TIME_WAIT, skip);
	skip_if(e, IR_EQ, state, KTCP_NEW_SYN_RECV, skip);
	skip_if(e, IR_NE, sock_field(e, t->sk, "sk_protocol"), PROTOCOL_TCP, skip);
	skip_if(e, IR_NE, sock_field(e, t->sk, "sk_type"), SOCK_TYPE_STREAM, skip);
}

int tcp_socket_field(struct emit *e, const struct tcp_socket *t, const char *path)
{
	return emit_peek_field(e, t->tp, "tcp_sock", path);
}

/* skc_num is 0 again when the tracepoint tells of TCP_CLOSE; inet_sport stays. */
static int local_port(struct emit *e, const struct tcp_socket *t)
{
	int port = ir_reg(e->ir);

	ir_swap(e->ir, port, tcp_socket_field(e, t, "inet_conn.icsk_inet.inet_sport"), 2);
	return port;
}

void tcp_socket_ends(struct emit *e, const struct tcp_socket *t, struct ends *ends)
{
	sock_address(e, t->sk, true, ends->local);
	sock_address(e, t->sk, false, ends->remote);
	ends->lport = local_port(e, t);
	ends->rport = sock_remote_port(e, t->sk);
}

struct place tcp_socket_tuple(struct emit *e, const struct tcp_socket *t, const struct ends *ends)
{
	return tuple_of_ends(e, sock_field(e, t->sk, "__sk_common.skc_net.net"), ends);
}

int tcp_socket_cookie(struct emit *e, const struct tcp_socket *t)
{
	int reg;

	if (t->from == TCP_FROM_SKB)
		return sock_field(e, t->sk, "__sk_common.skc_cookie");
	reg = ir_reg(e->ir);
	IR_CALL(e->ir, reg, BPF_FUNC_get_socket_cookie,
		t->from == TCP_FROM_CONTEXT ? emit_ctx(e) : t->sk.base);
	return reg;
}

/*
 * A socket that a SYN made notes the device of that SYN, in both families' places, where a datagram
 * socket has the one for multicast: no option sets these of a stream socket.  From its first state
 * on, accepted or not, Fast Open or not.
 */
int tcp_socket_active(struct emit *e, const struct tcp_socket *t)
{
	int active = ir_reg(e->ir), done = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, active, 0);
	ir_branchi(e->ir, IR_NE, tcp_socket_field(e, t, "inet_conn.icsk_inet.mc_index"), 0, done);
	if (emit_has_field(e, "inet_sock", "pinet6")) {
		int v6 = tcp_socket_field(e, t, "inet_conn.icsk_inet.pinet6"), v4 = ir_label(e->ir);

		ir_branchi(e->ir, IR_EQ, v6, 0, v4);
		ir_branchi(e->ir, IR_NE,
			   emit_peek_field(e, (struct place){t->tp.space, v6, 0}, "ipv6_pinfo",
					   "mcast_oif"),
			   0, done);
		ir_place(e->ir, v4);
	}
	ir_branchi(e->ir, IR_EQ, sock_field(e, t->sk, "__sk_common.skc_state"), KTCP_LISTEN, done);
	ir_const(e->ir, active, 1);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return active;
}

/* --- members --- */

static const struct tcp_socket *socket_of(const struct object *o)
{
	return (const struct tcp_socket *)o;
}

static void member_sk(struct emit *e, const struct object *o, struct value *out)
{
	(void)e;
	value_pointer(out, SPACE_BTF, socket_of(o)->sk.base, false);
}

static void member_zone(struct emit *e, const struct object *o, struct value *out)
{
	socket_zone_value(e, socket_of(o)->sk, out);
}

/* Of a connection that is being opened there is none, only the listener's. */
static void member_tp(struct emit *e, const struct object *o, struct value *out)
{
	const struct tcp_socket *t = socket_of(o);

	value_pointer(out, t->tp.space, t->tp.base, false);
	if (t->from != TCP_FROM_CONTEXT)
		return;
	out->nonnull = NONNULL_EQUAL;
	out->null_reg = tcp_opening(e, t);
	out->null_eq = 0;
}

static void member_cookie(struct emit *e, const struct object *o, struct value *out)
{
	static const char tag[] = "cookie";
	int reg = emit_cached(e, tag);

	if (reg < 0) {
		reg = tcp_socket_cookie(e, socket_of(o));
		emit_cache(e, tag, reg);
	}
	value_int(out, reg);
}

static void member_active(struct emit *e, const struct object *o, struct value *out)
{
	static const char tag[] = "active";
	int reg = emit_cached(e, tag);

	if (reg < 0) {
		reg = tcp_socket_active(e, socket_of(o));
		emit_cache(e, tag, reg);
	}
	value_int(out, reg);
}

static struct place request_place(int request)
{
	return (struct place){SPACE_KERNEL, request, 0};
}

/* An end's address; that of a connection being opened is with the request. */
static void member_address(struct emit *e, const struct tcp_socket *t, bool local,
			   struct value *out)
{
	static const char tags[2][3];
	int request, word[3], known;
	size_t mark;

	if (t->from != TCP_FROM_CONTEXT) {
		socket_address_value(e, t->sk, local, out);
		return;
	}
	value_string(out, (struct strrep){REP_ADDR, ADDR_TEXT});
	for (int i = 0; i < 3; i++)
		out->word[i] = emit_cached(e, &tags[local][i]);
	if (out->word[2] >= 0)
		return;
	request = tcp_opening(e, t);
	sock_address(e, t->sk, local, out->word);
	known = ir_label(e->ir);
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, request, 0, known);
	sock_address(e, request_place(request), local, word);
	for (int i = 0; i < 3; i++)
		ir_mov(e->ir, out->word[i], word[i]);
	emit_scope_end(e, mark);
	ir_place(e->ir, known);
	for (int i = 0; i < 3; i++)
		emit_cache(e, &tags[local][i], out->word[i]);
}

static void member_laddr(struct emit *e, const struct object *o, struct value *out)
{
	member_address(e, socket_of(o), true, out);
}

static void member_raddr(struct emit *e, const struct object *o, struct value *out)
{
	member_address(e, socket_of(o), false, out);
}

/* The socket's number, or that of a field of the request while the connection is being opened. */
static int or_request(struct emit *e, const struct tcp_socket *t, int reg, const char *path)
{
	int out, request, known;
	size_t mark;

	if (t->from != TCP_FROM_CONTEXT)
		return reg;
	out = ir_reg(e->ir);
	request = tcp_opening(e, t);
	known = ir_label(e->ir);
	mark = emit_scope(e);
	ir_mov(e->ir, out, reg);
	ir_branchi(e->ir, IR_EQ, request, 0, known);
	ir_mov(e->ir, out, tcp_opening_field(e, request, path));
	emit_scope_end(e, mark);
	ir_place(e->ir, known);
	return out;
}

#define REQUEST "req.req.__req_common."

static void member_lport(struct emit *e, const struct object *o, struct value *out)
{
	const struct tcp_socket *t = socket_of(o);

	value_int(out, or_request(e, t, local_port(e, t), REQUEST "skc_num"));
}

static void member_rport(struct emit *e, const struct object *o, struct value *out)
{
	const struct tcp_socket *t = socket_of(o);
	int reg = or_request(e, t, sock_field(e, t->sk, "__sk_common.skc_dport"),
			     REQUEST "skc_dport"),
	    port = ir_reg(e->ir);

	ir_swap(e->ir, port, reg, 2);
	value_int(out, port);
}

/* The request's own state is NEW_SYN_RECV: syn-received as well. */
static void member_state(struct emit *e, const struct object *o, struct value *out)
{
	const struct tcp_socket *t = socket_of(o);
	int kernel = t->state;

	if (kernel < 0)
		kernel = or_request(e, t, sock_field(e, t->sk, "__sk_common.skc_state"),
				    REQUEST "skc_state");
	socket_state_value(e, kernel, out);
}

static void member_last(struct emit *e, const struct object *o, struct value *out)
{
	socket_last_value(e, socket_of(o)->last, out);
}

/* What TCP expects next; of a segment received: what it expected (tcp_next.c). */
static void member_rnxt(struct emit *e, const struct object *o, struct value *out)
{
	const struct tcp_socket *t = socket_of(o);
	int reg = t->expected >= 0 ? t->expected : tcp_socket_field(e, t, "rcv_nxt");

	value_int(out, or_request(e, t, reg, "rcv_nxt"));
}

/* Initial sequence numbers: only asked for where there is no connection's socket. */
static void member_iss(struct emit *e, const struct object *o, struct value *out)
{
	value_int(out, or_request(e, socket_of(o), emit_const(e, 0), "snt_isn"));
}

static void member_irs(struct emit *e, const struct object *o, struct value *out)
{
	value_int(out, or_request(e, socket_of(o), emit_const(e, 0), "rcv_isn"));
}

static void member_retransmit(struct emit *e, const struct object *o, struct value *out)
{
	const struct tcp_socket *t = socket_of(o);

	value_int(out, t->retransmit >= 0 ? t->retransmit : emit_const(e, 0));
}

static struct owned owned(struct emit *e, const struct object *o)
{
	const struct tcp_socket *t = socket_of(o);

	(void)e;
	return (struct owned){t->from == TCP_FROM_SKB ? t->sk.base : t->tp.base, t->sk};
}

OWNER_CODE(owned)

/* The socket is found again by the context; it was there at the firing, and is. */
static void carry(struct emit *e, struct object *o)
{
	struct tcp_socket *t = (struct tcp_socket *)o;

	emit_carry_reg(e, &t->state);
	emit_carry_reg(e, &t->last);
	emit_carry_reg(e, &t->expected);
	emit_carry_reg(e, &t->retransmit);
	if (!emit_resuming(e))
		return;
	switch (t->from) {
	case TCP_FROM_ARGUMENT:
		t->sk = sk_argument(e);
		find_tp(e, t, t->sk.base, emit_lost(e));
		return;
	case TCP_FROM_SKB:
		find_by_skb(e, t);
		skip_if(e, IR_EQ, t->sk.base, 0, emit_lost(e));
		return;
	case TCP_FROM_CONTEXT:
		find_tp(e, t, cgroup_socket_again(e, emit_lost(e)), emit_lost(e));
		t->sk = t->tp;
	}
}

/* clang-format off */
static const struct source_member members[] = {
	{ "sk", member_sk },
	{ "zone", member_zone },
	{ "tp", member_tp },
	{ "cookie", member_cookie, .needs = NEED_COOKIE },
	{ "laddr", member_laddr, REP_ADDR },
	{ "raddr", member_raddr, REP_ADDR },
	{ "lport", member_lport },
	{ "rport", member_rport },
	{ "state", member_state },
	{ "last", member_last },
	{ "active", member_active },
	{ "rnxt", member_rnxt, .needs = NEED_EXPECTED },
	{ "retransmit", member_retransmit, .needs = NEED_RETRANSMIT },
	{ "iss", member_iss },
	{ "irs", member_irs },
	OWNER_MEMBERS,
	{ NULL },
};
/* clang-format on */

const struct object_source source_tcp_socket = {
	.tag = "tcp_socket",
	.members = members,
	.carry = carry,
	.size = sizeof(struct tcp_socket),
};
