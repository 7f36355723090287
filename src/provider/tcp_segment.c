/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: segments.
 *
 * Those with a connection come from the cgroup hooks.  What these do not see is
 * completed from two tracepoints: segments sent on the kernel's own account
 * (tcp_answer.c), and segments that end before a hook (kfree_skb,
 * tcp_unhooked.c and tcp_stopped.c).
 */
#include <stddef.h>

#include "provider/kernel.h"
#include "provider/tcp.h"
#include "routines/routines.h"
#include "source/tcp_opening.h"

void tcp_fire(struct emit *e, const struct packet *p, const struct object *socket)
{
	NETWORK_FIRE(e, &p->object, socket, &p->object, socket, &p->object);
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
int tcp_synack_seen(struct emit *e)
{
	return emit_map_only(e, "synack_seen", BPF_MAP_TYPE_ARRAY, 8);
}

/* if (version == 6 && sk->state == LISTEN) synack_seen = 1; a listener sends nothing else */
static void note_synack(struct emit *e, const struct skb_packet *s, const struct tcp_socket *t)
{
	int done = ir_label(e->ir), word, seen = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, s->p.version, 4, done);
	ir_branchi(e->ir, IR_NE, sock_field(e, t->sk, "__sk_common.skc_state"), KTCP_LISTEN, done);
	word = tcp_synack_seen(e);
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
	tcp_fire(e, &packet.p, &socket.object);
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
	tcp_fire(e, &packet.p, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_way_receive(struct emit *e, const struct needs *n)
{
	bool expected = n->bits & NEED_EXPECTED, noted = !kernel_has_rx_sk(e);
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	segment(e, &packet, &socket, 0, expected || noted ? SEQ_AND_FLAGS : 0, n, skip);
	tcp_skip_second_look(e, &socket, skip);
	if (noted)
		tcp_note_listened(e, &packet, &socket);
	if (expected)
		socket.expected = tcp_expected(e, &socket, &packet.p);
	tcp_fire(e, &packet.p, &socket.object);
	ir_place(e->ir, skip);
}

void tcp_skip_unless_first_syn(struct emit *e, const struct skb_packet *s,
			       const struct tcp_socket *t, int skip)
{
	tcp_skip_unless_flags(e, &s->p, TH_SYN | TH_ACK, TH_SYN, skip);
	emit_branch_point(e);
	ir_branch(e->ir, IR_NE, packet_tcp_seq(e, &s->p), tcp_socket_field(e, t, "snd_nxt"), skip);
}

void tcp_first_syn(struct emit *e, struct skb_packet *s, struct tcp_socket *t,
		   const struct needs *n, int skip)
{
	segment_sent(e, s, t, 1 << KTCP_SYN_SENT, SEQ_AND_FLAGS, false, n, skip);
	tcp_skip_unless_first_syn(e, s, t, skip);
}

void tcp_way_connect_request(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	tcp_first_syn(e, &packet, &socket, n, skip);
	tcp_fire(e, &packet.p, &socket.object);
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
	tcp_fire(e, &packet.p, &socket.object);
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
	value = kept_packet_store(e, &packet, -1, -1);
	key = tuple_of_received(e, &packet.p, sock_field(e, socket.sk, "__sk_common.skc_net.net"));
	emit_map_update(e, tcp_handshakes(e), key, value, offsetof(struct drops, dynamic));
	ir_place(e->ir, skip);
}

/* --- without a full socket --- */

void tcp_of_skb(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	skb_headers_at(e, s, skb_network_header(e, s), (struct header_bytes){40, 20}, n);
	skip_if(e, IR_NE, packet_protocol(e, &s->p), PROTOCOL_TCP, skip);
}

int tcp_timewait_state(struct emit *e, int sk)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, sk, 0}, "inet_timewait_sock",
			       "tw_substate");
}
