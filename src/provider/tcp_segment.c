/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: segments.
 *
 * Those with a connection come from the cgroup hooks.  What these do not see is
 * completed from two tracepoints: segments sent on the kernel's own account
 * (net_dev_queue: resets of closed ports, answers in TIME_WAIT), and segments
 * taken in without a full socket (kfree_skb: closed port, TIME_WAIT).
 */
#include <stddef.h>

#include "provider/kernel.h"
#include "provider/tcp.h"
#include "routines/routines.h"
#include "source/tcp_opening.h"

/* tcp's arguments: a packet, and a socket of any source. */
static void fire(struct emit *e, const struct skb_packet *s, const struct object *socket)
{
	NETWORK_FIRE(e, &s->p.object, socket, &s->p.object, socket, &s->p.object);
}

void tcp_skip_unless_flags(struct emit *e, const struct packet *p, int mask, int value, int skip)
{
	int flags = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, flags, packet_tcp_flags(e, p), mask);
	skip_if(e, IR_NE, flags, value, skip);
}

/* --- with a connection --- */

/* l4: how much of the TCP header the way itself looks at. */
static void segment(struct emit *e, struct skb_packet *s, struct tcp_socket *t, unsigned states,
		    unsigned l4, const struct needs *n, int skip)
{
	tcp_socket_of_cgroup(e, t, states, skip);
	skb_of_cgroup(e, s, (struct header_bytes){.l4 = l4}, n, skip);
}

/* How much of a TCP header tells where the segment ends. */
#define SEQ_AND_FLAGS 14

/* The same on its way out; told: whether it was sent before is found out. */
static void segment_sent(struct emit *e, struct skb_packet *s, struct tcp_socket *t,
			 unsigned states, unsigned l4, bool told, const struct needs *n, int skip)
{
	segment(e, s, t, states, told ? SEQ_AND_FLAGS : l4, n, skip);
	t->sending = true;
	if (told)
		t->retransmit = tcp_retransmitted(e, t, s);
}

/*
 * Before 6.6 (223f5f79f2ce) the egress hook passes over v6 SYN,ACKs; there
 * net_dev_queue, which comes after it, tells of them.  What this kernel does
 * shows with the first one: the egress hook notes in this word that it sees
 * them.  A register with the word's address, perhaps 0.
 */
static int synack_seen(struct emit *e)
{
	int key = ir_stack(e->ir, 4);

	ir_stack_storei(e->ir, key, 0, 0, 4);
	return emit_map_lookup(e,
			       emit_map_once(e,
					     (struct map_def){
						     .name = "synack_seen",
						     .role = MAP_PLAIN,
						     .type = BPF_MAP_TYPE_ARRAY,
						     .key_size = 4,
						     .value_size = 8,
						     .max_entries = 1,
					     }),
			       (struct place){SPACE_STACK, key, 0});
}

/* if (version == 6 && sk->state == LISTEN) synack_seen = 1; a listener sends nothing else */
static void note_synack(struct emit *e, const struct skb_packet *s, const struct tcp_socket *t)
{
	int done = ir_label(e->ir), word, seen = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, s->p.version, 4, done);
	ir_branchi(e->ir, IR_NE, sock_field(e, t->sk, "__sk_common.skc_state"), KTCP_LISTEN, done);
	word = synack_seen(e);
	ir_branchi(e->ir, IR_EQ, word, 0, done);
	ir_load(e->ir, seen, word, 0, 8);
	ir_branchi(e->ir, IR_NE, seen, 0, done);
	ir_store(e->ir, word, 0, emit_const(e, 1), 8);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
}

void tcp_way_send(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	segment_sent(e, &packet, &socket, 0, 0, n->bits & NEED_RETRANSMIT, n, skip);
	note_synack(e, &packet, &socket);
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_way_retransmit(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	segment_sent(e, &packet, &socket, 0, SEQ_AND_FLAGS, true, n, skip);
	note_synack(e, &packet, &socket);
	skip_if(e, IR_EQ, socket.retransmit, 0, skip);
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_way_receive(struct emit *e, const struct needs *n)
{
	bool expected = n->bits & NEED_EXPECTED;
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	segment(e, &packet, &socket, 0, expected ? SEQ_AND_FLAGS : 0, n, skip);
	if (expected)
		socket.expected = tcp_expected(e, &socket, &packet.p);
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_first_syn(struct emit *e, struct skb_packet *s, struct tcp_socket *t,
		   const struct needs *n, int skip)
{
	segment_sent(e, s, t, 1 << KTCP_SYN_SENT, SEQ_AND_FLAGS, false, n, skip);
	tcp_skip_unless_flags(e, &s->p, TH_SYN | TH_ACK, TH_SYN, skip);
	emit_branch_point(e);
	ir_branch(e->ir, IR_NE, packet_tcp_seq(e, &s->p), tcp_socket_field(e, t, "snd_nxt"), skip);
}

void tcp_way_connect_request(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	tcp_first_syn(e, &packet, &socket, n, skip);
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_way_connect_refused(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), refused = ir_reg(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	segment(e, &packet, &socket, 1 << KTCP_SYN_SENT, SEQ_AND_FLAGS, n, skip);
	tcp_skip_unless_flags(e, &packet.p, TH_RST | TH_ACK, TH_RST | TH_ACK, skip);
	ir_call_support(e->ir, refused, ROUTINE_TCP_REFUSED, 3,
			(const int[]){packet_tcp_ack(e, &packet.p),
				      tcp_socket_field(e, &socket, "snd_una"),
				      tcp_socket_field(e, &socket, "write_seq")});
	skip_if(e, IR_EQ, refused, 0, skip);
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

/*
 * Keeps a copy of a segment that may complete a handshake, under its 4-tuple,
 * for tcp_way_…_established(): the tracepoint that knows of the state has no
 * packet, and may come later, from the backlog.
 */
void tcp_prepare_handshake(struct emit *e, const struct needs *n)
{
	static const unsigned states = 1 << KTCP_SYN_SENT | 1 << KTCP_SYN_RECV | 1 << KTCP_LISTEN;
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;
	struct place key, value;

	tcp_socket_of_cgroup(e, &socket, states, skip);
	skb_of_cgroup(e, &packet, (struct header_bytes){40, 20}, n, skip);
	tcp_skip_unless_flags(e, &packet.p, TH_ACK | TH_RST, TH_ACK, skip);
	value = kept_packet_store(e, &packet);
	key = tuple_of_received(e, &packet.p, sock_field(e, socket.sk, "__sk_common.skc_net.net"));
	emit_map_update(e, tcp_handshakes(e), key, value, offsetof(struct drops, dynamic));
	ir_place(e->ir, skip);
}

/* --- without a full socket --- */

/* Reads the headers of skb's packet; skips what is not TCP. */
static void tcp_of_skb(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	skb_headers_at(e, s, skb_network_header(e, s), (struct header_bytes){40, 20}, n);
	skip_if(e, IR_NE, packet_protocol(e, &s->p), PROTOCOL_TCP, skip);
}

/* The socket of TIME_WAIT stands for a connection in FIN_WAIT_2 without an owner too. */
static int timewait_state(struct emit *e, int sk)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, sk, 0}, "inet_timewait_sock",
			       "tw_substate");
}

/* The state of what sent the segment: only the socket of a connection in TIME_WAIT has one. */
static int control_state(struct emit *e, const struct skb_packet *s)
{
	int state = ir_reg(e->ir), sk = skb_field(e, s, "sk"), done = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, state, KTCP_CLOSE);
	ir_branchi(e->ir, IR_EQ, sk, 0, done);
	ir_branchi(e->ir, IR_NE,
		   sock_field(e, (struct place){SPACE_BTF, sk, 0}, "__sk_common.skc_state"),
		   KTCP_TIME_WAIT, done);
	ir_mov(e->ir, state, timewait_state(e, sk));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return state;
}

/*
 * A segment that TCP sends on the kernel's own account: no connection's socket
 * is on it.  It has none (v6 resets), that of a connection in TIME_WAIT or being
 * opened, or the kernel's control socket.  Forwarded packets have come in by an
 * interface.  A SYN,ACK with a socket is told by the cgroup hook.
 */
static void control_segment(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	int sk, state, ok = ir_label(e->ir);
	struct place at;
	size_t mark;

	skb_of_tracepoint(e, s, skip);
	skip_if(e, IR_NE, skb_field(e, s, "skb_iif"), 0, skip);
	sk = skb_field(e, s, "sk");
	at = (struct place){SPACE_BTF, sk, 0};
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, sk, 0, ok);
	state = sock_field(e, at, "__sk_common.skc_state");
	ir_branchi(e->ir, IR_EQ, state, KTCP_TIME_WAIT, ok);
	ir_branchi(e->ir, IR_EQ, state, KTCP_NEW_SYN_RECV, ok);
	/* a full socket: the control socket of TCP is a raw one of the kernel's */
	skip_if(e, IR_NE, sock_field(e, at, "sk_protocol"), PROTOCOL_TCP, skip);
	skip_if(e, IR_NE, sock_field(e, at, "sk_type"), SOCK_TYPE_RAW, skip);
	skip_if(e, IR_EQ, sock_field(e, at, "sk_kern_sock"), 0, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
	tcp_of_skb(e, s, n, skip);
}

/* if (skb->sk && syn && (version != 6 || synack_seen)) the cgroup hook has told of it */
static void skip_told_synack(struct emit *e, const struct skb_packet *s, int skip)
{
	int flags = ir_reg(e->ir), told = ir_reg(e->ir), ok = ir_label(e->ir), word;
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, skb_field(e, s, "sk"), 0, ok);
	ir_alui(e->ir, IR_AND, flags, packet_tcp_flags(e, &s->p), TH_SYN);
	ir_branchi(e->ir, IR_EQ, flags, 0, ok);
	skip_if(e, IR_EQ, s->p.version, 4, skip);
	word = synack_seen(e);
	skip_if(e, IR_EQ, word, 0, skip);
	ir_load(e->ir, told, word, 0, 8);
	skip_if(e, IR_NE, told, 0, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/* What the tracepoint tells of is repeated if it is a SYN,ACK with its request. */
static int control_repeated(struct emit *e, const struct skb_packet *s)
{
	int again = ir_reg(e->ir), done = ir_label(e->ir), sk = skb_field(e, s, "sk"),
	    flags = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, again, 0);
	ir_branchi(e->ir, IR_EQ, sk, 0, done);
	ir_alui(e->ir, IR_AND, flags, packet_tcp_flags(e, &s->p), TH_SYN);
	ir_branchi(e->ir, IR_EQ, flags, 0, done);
	ir_branchi(e->ir, IR_NE,
		   sock_field(e, (struct place){SPACE_BTF, sk, 0}, "__sk_common.skc_state"),
		   KTCP_NEW_SYN_RECV, done);
	ir_mov(e->ir, again, tcp_synack_repeated(e, sk, s));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return again;
}

void tcp_way_retransmit_control(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct no_socket socket;

	no_socket(&socket);
	control_segment(e, &packet, n, skip);
	skip_told_synack(e, &packet, skip);
	socket.retransmit = control_repeated(e, &packet);
	skip_if(e, IR_EQ, socket.retransmit, 0, skip);
	socket.net = device_net(e, skb_field(e, &packet, "dev"));
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_way_send_control(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct no_socket socket;

	no_socket(&socket);
	control_segment(e, &packet, n, skip);
	skip_told_synack(e, &packet, skip);
	if (n->bits & NEED_RETRANSMIT)
		socket.retransmit = control_repeated(e, &packet);
	socket.state = control_state(e, &packet);
	socket.net = device_net(e, skb_field(e, &packet, "dev"));
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

/* The answer to a SYN that nobody listens for: RST,ACK with sequence number 0, RFC 9293
 * section 3.5.2. */
void tcp_way_accept_refused(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct no_socket socket;

	no_socket(&socket);
	control_segment(e, &packet, n, skip);
	tcp_skip_unless_flags(e, &packet.p, TH_RST | TH_ACK, TH_RST | TH_ACK, skip);
	skip_if(e, IR_NE, packet_tcp_seq(e, &packet.p), 0, skip);
	socket.net = device_net(e, skb_field(e, &packet, "dev"));
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_dropped_segment(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	skb_of_tracepoint(e, s, skip);
	skip_if(e, IR_NE, skb_field(e, s, "pkt_type"), 0, skip);
	tcp_of_skb(e, s, n, skip);
}

/* Whether the reason is that there is no socket. */
static void branch_no_socket(struct emit *e, int label)
{
	int64_t none = kernel_no_socket_reason(e, "tcp:::receive");
	int reason = ir_reg(e->ir);

	ir_extend(e->ir, reason, tracepoint_arg(e, 2), 4, false);
	emit_branch_point(e);
	ir_branchi(e->ir, IR_EQ, reason, none, label);
}

void tcp_way_receive_unconnected(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), ok = ir_label(e->ir), state = ir_reg(e->ir);
	struct skb_packet packet;
	struct no_socket socket;
	size_t mark;

	no_socket(&socket);
	ir_const(e->ir, state, KTCP_CLOSE);
	branch_no_socket(e, ok);
	mark = emit_scope(e);
	if (kernel_has_rx_sk(e)) {
		struct place sk = {SPACE_BTF, tracepoint_arg(e, 3), 0};

		skip_if(e, IR_EQ, sk.base, 0, skip);
		skip_if(e, IR_NE, sock_field(e, sk, "__sk_common.skc_state"), KTCP_TIME_WAIT, skip);
		ir_mov(e->ir, state, timewait_state(e, sk.base));
	} else {
		ir_jump(e->ir, skip);
	}
	emit_scope_end(e, mark);
	ir_place(e->ir, ok);
	tcp_dropped_segment(e, &packet, n, skip);
	socket.state = state;
	socket.net = device_net(e, skb_field(e, &packet, "dev"));
	fire(e, &packet, &socket.object);
	ir_place(e->ir, skip);
}
