/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: segments that end before the cgroup hooks have told of them, at
 * kfree_skb: those that TCP took in and found no connection for, or one in
 * TIME_WAIT, or something wrong with.
 */
#include <stddef.h>

#include "provider/kernel.h"
#include "provider/tcp.h"
#include "source/drop.h"

/* --- what TCP has been handed --- */

/*
 * The part of the buffer that protocols keep notes in begins with IP's own until
 * TCP writes its notes there, and moves IP's to their end.
 */
static struct place notes(struct emit *e, const struct skb_packet *s)
{
	return place_at(s->skb, emit_field(e, "sk_buff", "cb").bit_offset / 8);
}

/* A register: whether TCP has written its notes. */
static int has_tcp_notes(struct emit *e, const struct skb_packet *s)
{
	int yes = ir_reg(e->ir), done = ir_label(e->ir);
	size_t mark = emit_scope(e);
	struct place at = notes(e, s);

	ir_const(e->ir, yes, 0);
	ir_branch(e->ir, IR_NE, emit_peek_field(e, at, "tcp_skb_cb", "seq"),
		  packet_tcp_seq(e, &s->p), done);
	ir_branch(e->ir, IR_NE, emit_peek_field(e, at, "tcp_skb_cb", "ack_seq"),
		  packet_tcp_ack(e, &s->p), done);
	ir_const(e->ir, yes, 1);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return yes;
}

/* Behind v6 extension headers IP notes which byte of the packet names the protocol. */
static int protocol(struct emit *e, const struct skb_packet *s, int base, int noted)
{
	int reg = ir_reg(e->ir), at = ir_reg(e->ir), ip = ir_label(e->ir), read = ir_label(e->ir),
	    done = ir_label(e->ir);
	size_t mark;

	ir_mov(e->ir, reg, packet_protocol(e, &s->p));
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, s->p.version, 4, done);
	ir_branchi(e->ir, IR_EQ, reg, PROTOCOL_TCP, done);
	ir_branchi(e->ir, IR_EQ, noted, 0, ip);
	ir_mov(e->ir, at, emit_peek_field(e, notes(e, s), "tcp_skb_cb", "header.h6.nhoff"));
	ir_jump(e->ir, read);
	ir_place(e->ir, ip);
	ir_mov(e->ir, at, emit_peek_field(e, notes(e, s), "inet6_skb_parm", "nhoff"));
	ir_place(e->ir, read);
	ir_alu(e->ir, IR_ADD, at, at, base);
	ir_mov(e->ir, reg, emit_peek(e, (struct place){SPACE_KERNEL, at, 0}, 1));
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
	return reg;
}

#define LEAST 20 /* bytes of a header; TCP counts a shorter one before it throws it away */

/* What is behind the end of a short segment is not shown. */
static void cut_header(struct emit *e, struct skb_packet *s, int length)
{
	int whole = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_UGE, length, LEAST, whole);
	emit_zero(e, s->p.l4, 24);
	IR_CALL(e->ir, -1, BPF_FUNC_probe_read_kernel, emit_address(e, s->p.l4), length,
		skb_field(e, s, "data"));
	ir_place(e->ir, whole);
	emit_scope_end(e, mark);
}

/* Sets *noted, if asked: whether TCP has written its notes. */
static void handed_to_tcp(struct emit *e, struct skb_packet *s, const struct needs *n, int *noted,
			  int skip)
{
	int base, header = ir_reg(e->ir), length;

	skb_of_tracepoint(e, s, skip);
	skip_if(e, IR_EQ, skb_field(e, s, "skb_iif"), 0, skip);
	skip_if(e, IR_NE, skb_field(e, s, "pkt_type"), 0, skip);
	base = skb_network_header(e, s);
	ir_alu(e->ir, IR_ADD, header, skb_field(e, s, "head"), skb_field(e, s, "transport_header"));
	emit_branch_point(e);
	ir_branch(e->ir, IR_NE, skb_field(e, s, "data"), header, skip);
	ir_branch(e->ir, IR_ULE, header, base, skip);
	skb_headers_at(e, s, base, (struct header_bytes){40, 20}, n);
	length = s->p.length;
	cut_header(e, s, length);
	*noted = has_tcp_notes(e, s);
	skip_if(e, IR_NE, protocol(e, s, base, *noted), PROTOCOL_TCP, skip);
	s->p.l4_offset = ir_reg(e->ir);
	s->p.length = ir_reg(e->ir);
	ir_alu(e->ir, IR_SUB, s->p.l4_offset, header, base);
	ir_alu(e->ir, IR_ADD, s->p.length, length, s->p.l4_offset);
}

void tcp_dropped_segment(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	int noted;

	handed_to_tcp(e, s, n, &noted, skip);
}

/* --- whether the cgroup hook has told of it --- */

/* A socket's filters run behind the hook. */
static const char *const filtered[] = {"SKB_DROP_REASON_SOCKET_FILTER",
				       "SKB_DROP_REASON_SECURITY_HOOK", NULL};

/* TCP writes its notes without the hook for TIME_WAIT, and where there is no socket. */
static const char *const no_connection[] = {"SKB_DROP_REASON_NO_SOCKET", "SKB_DROP_REASON_TCP_CSUM",
					    NULL};

/*
 * Before 6.12 (ba8de796baf4) kfree_skb does not say whose segment it is: one in
 * TIME_WAIT, or a listener's that the hook has told of and that TCP did not
 * need.  Both are looked at without a break in one CPU's softirq, so the hook
 * notes of each CPU which was the listener's last.
 */
struct listened {
	uint64_t skb;
	uint32_t seq, ack; /* buffers are used again */
};

/* A register with this CPU's struct listened, perhaps 0. */
static int listened(struct emit *e)
{
	return emit_map_only(e, "listened", BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(struct listened));
}

void tcp_note_listened(struct emit *e, const struct skb_packet *s, const struct tcp_socket *t)
{
	int done = ir_label(e->ir), at;
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_NE, sock_field(e, t->sk, "__sk_common.skc_state"), KTCP_LISTEN, done);
	at = listened(e);
	ir_branchi(e->ir, IR_EQ, at, 0, done);
	ir_store(e->ir, at, offsetof(struct listened, skb), emit_number_of(e, s->skb), 8);
	ir_store(e->ir, at, offsetof(struct listened, seq), packet_tcp_seq(e, &s->p), 4);
	ir_store(e->ir, at, offsetof(struct listened, ack), packet_tcp_ack(e, &s->p), 4);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
}

/* Skips what the hook noted; the rest is TIME_WAIT's. */
static void by_note(struct emit *e, const struct skb_packet *s, int state, int skip)
{
	int ok = ir_label(e->ir), other = ir_label(e->ir), at, reg = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	drop_branch(e, no_connection, ok);
	at = listened(e);
	ir_branchi(e->ir, IR_EQ, at, 0, other);
	ir_load(e->ir, reg, at, offsetof(struct listened, seq), 4);
	ir_branch(e->ir, IR_NE, reg, packet_tcp_seq(e, &s->p), other);
	ir_load(e->ir, reg, at, offsetof(struct listened, ack), 4);
	ir_branch(e->ir, IR_NE, reg, packet_tcp_ack(e, &s->p), other);
	ir_load(e->ir, reg, at, offsetof(struct listened, skb), 8);
	emit_branch_point(e);
	ir_branch(e->ir, IR_EQ, reg, emit_number_of(e, s->skb), skip);
	ir_place(e->ir, other);
	ir_const(e->ir, state, KTCP_TIME_WAIT);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/* The socket is TIME_WAIT's, there is none, or the hook has told of it. */
static void by_socket(struct emit *e, int state, int skip)
{
	int none = ir_label(e->ir);
	struct place sk = {SPACE_BTF, tracepoint_arg(e, 3), 0};
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, sk.base, 0, none);
	skip_if(e, IR_NE, sock_field(e, sk, "__sk_common.skc_state"), KTCP_TIME_WAIT, skip);
	ir_mov(e->ir, state, tcp_timewait_state(e, sk.base));
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
}

/* Behind the hook TCP takes the device off, but not while it looks at a connection being opened. */
static void skip_told(struct emit *e, const struct skb_packet *s, int noted, int state, int skip)
{
	int early = ir_label(e->ir);
	size_t mark;

	drop_branch(e, filtered, skip);
	skip_if(e, IR_EQ, skb_field(e, s, "dev"), 0, skip);
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, noted, 0, early);
	if (kernel_has_rx_sk(e))
		by_socket(e, state, skip);
	else
		by_note(e, s, state, skip);
	ir_place(e->ir, early);
	emit_scope_end(e, mark);
}

void tcp_way_receive_unhooked(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), state = ir_reg(e->ir), noted;
	struct skb_packet packet;
	struct no_socket socket;

	kernel_no_socket_reason(e, "tcp:::receive");
	no_socket(&socket);
	ir_const(e->ir, state, KTCP_CLOSE);
	handed_to_tcp(e, &packet, n, &noted, skip);
	skip_told(e, &packet, noted, state, skip);
	socket.state = state;
	socket.net = device_net(e, skb_field(e, &packet, "dev"));
	if (kernel_has_rx_sk(e))
		no_socket_of(e, &socket, tracepoint_arg(e, 3), n);
	tcp_fire(e, &packet.p, &socket.object);
	ir_place(e->ir, skip);
}
