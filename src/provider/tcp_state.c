/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: states, from inet_sock_set_state, told as RFC 9293 tells them:
 *
 *  - closed -> syn-sent with the first SYN, when the local port is known.
 *  - listen -> syn-received when the connection leaves syn-received: before
 *    6.14 (a3a128f611a9) the tracepoint fires while the new socket has no
 *    addresses, and its cookie is not settled.
 *  - Linux closes the socket of a connection that enters TIME_WAIT, or that
 *    waits in FIN_WAIT_2 after close(): routines/tcp_closing.c tells them apart.
 *    The second kind is remembered in a map until a segment ends it, which the
 *    kernel drops when it is done with it (kfree_skb; routines/tcp_fin_wait.c says what
 *    becomes of the connection), or its time is over.  That shows nowhere, so the
 *    consumer looks for it (MAP_TIMED), when it must have happened: Linux's timers
 *    are late by up to an eighth.
 */
#include <stddef.h>

#include <time.h>

#include "provider/kernel.h"
#include "provider/tcp.h"
#include "routines/routines.h"
#include "routines/tcp_closing.h"

/*
 * Segments that may complete a handshake, each until it has, at once but for a socket that a
 * process works on.  Those that complete nothing are pushed out by later ones; a completion whose
 * segment was pushed out is a loss, and counted.
 */
#define HANDSHAKES_MAX 8192

int tcp_handshakes(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "handshakes",
					.role = MAP_PLAIN,
					.type = BPF_MAP_TYPE_LRU_HASH,
					.key_size = tuple_size(),
					.value_size = kept_packet_size(),
					.max_entries = HANDSHAKES_MAX,
				});
}

/* Connections remembered at most. Memory is taken as they come, but for 16 bytes each. */
#define FIN_WAIT_2_MAX (1 << 17)

static int finishing(struct emit *e)
{
	return emit_map_once(e, (struct map_def){
					.name = "fin_wait_2",
					.role = MAP_TIMED,
					.type = BPF_MAP_TYPE_HASH,
					.key_size = tuple_size(),
					.value_size = kept_connection_size(),
					.max_entries = FIN_WAIT_2_MAX,
					.flags = BPF_F_NO_PREALLOC,
				});
}

/* --- handshakes: the packet that completed them --- */

/*
 * Fires with the kept packet. Without one (8,192 handshakes at once push each
 * other out, and one under way at the start was not kept) the firing is lost,
 * and counted as a drop.
 */
static void fire_with_handshake(struct emit *e, const struct tcp_socket *t, int skip)
{
	int kept = ir_label(e->ir), address;
	struct kept_packet packet;
	struct ends ends;
	struct place key;

	tcp_socket_ends(e, t, &ends);
	key = tcp_socket_tuple(e, t, &ends);
	address = emit_map_lookup(e, tcp_handshakes(e), key);
	emit_branch_point(e);
	ir_branchi(e->ir, IR_NE, address, 0, kept);
	emit_count_drop(e, offsetof(struct drops, records));
	ir_jump(e->ir, skip);
	ir_place(e->ir, kept);
	kept_packet_load(e, &packet, address);
	NETWORK_FIRE(e, &packet.p.object, &t->object, &packet.p.object, &t->object,
		     &packet.p.object);
	emit_map_delete(e, tcp_handshakes(e), key);
}

void tcp_way_connect_established(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), ok = ir_label(e->ir);
	struct tcp_socket socket;
	size_t mark;

	(void)n;
	tcp_socket_of_set_state(e, &socket, skip);
	skip_if(e, IR_NE, socket.state, KTCP_ESTABLISHED, skip);
	mark = emit_scope(e);
	ir_branchi(e->ir, IR_EQ, socket.last, KTCP_SYN_SENT, ok);
	/* a simultaneous open */
	skip_if(e, IR_NE, socket.last, KTCP_SYN_RECV, skip);
	skip_if(e, IR_EQ, tcp_socket_active(e, &socket), 0, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
	fire_with_handshake(e, &socket, skip);
	ir_place(e->ir, skip);
}

void tcp_way_accept_established(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct tcp_socket socket;

	(void)n;
	tcp_socket_of_set_state(e, &socket, skip);
	skip_if(e, IR_NE, socket.state, KTCP_ESTABLISHED, skip);
	skip_if(e, IR_NE, socket.last, KTCP_SYN_RECV, skip);
	skip_if(e, IR_NE, tcp_socket_active(e, &socket), 0, skip);
	fire_with_handshake(e, &socket, skip);
	ir_place(e->ir, skip);
}

/* --- state changes --- */

/* args[0], [2] and [4] are NULL. */
static void fire(struct emit *e, const struct object *socket)
{
	struct packet none;

	no_packet(&none);
	NETWORK_FIRE(e, &none.object, socket, &none.object, socket, &none.object, socket);
}

void tcp_way_syn_sent(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	tcp_first_syn(e, &packet, &socket, n, skip);
	socket.state = emit_const(e, KTCP_SYN_SENT);
	socket.last = emit_const(e, KTCP_CLOSE);
	fire(e, &socket.object);
	ir_place(e->ir, skip);
}

/* The same where a firewall stops the SYN. */
void tcp_way_syn_sent_stopped(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	if (tcp_stopped_sent(e, &packet, &socket, n, skip)) {
		tcp_skip_unless_first_syn(e, &packet, &socket, skip);
		socket.state = emit_const(e, KTCP_SYN_SENT);
		socket.last = emit_const(e, KTCP_CLOSE);
		fire(e, &socket.object);
	}
	ir_place(e->ir, skip);
}

#define TIMEWAIT_LEN 60 /* seconds: what a socket waits for beyond that it waits for itself */

static int64_t jiffies_of(int64_t seconds)
{
	struct timespec jiffy = {.tv_nsec = 10000000};

	clock_getres(CLOCK_MONOTONIC_COARSE, &jiffy);
	return seconds * 1000000000 / jiffy.tv_nsec;
}

/* to = max(to, by) */
static void raise_to(struct emit *e, int to, int by)
{
	int enough = ir_label(e->ir);

	ir_branch(e->ir, IR_UGE, to, by, enough);
	ir_mov(e->ir, to, by);
	ir_place(e->ir, enough);
}

/* How long the connection waits for the peer's FIN, in jiffies: tcp_fin_time() less what the socket
 * has waited itself. */
static int fin_time(struct emit *e, const struct tcp_socket *t)
{
	int wait = ir_reg(e->ir), rto = ir_reg(e->ir), own = ir_label(e->ir),
	    shorter = ir_label(e->ir);
	int net = sock_field(e, t->sk, "__sk_common.skc_net.net");
	size_t mark;

	ir_mov(e->ir, wait, tcp_socket_field(e, t, "linger2"));
	ir_branchi(e->ir, IR_NE, wait, 0, own);
	mark = emit_scope(e);
	ir_mov(e->ir, wait,
	       emit_peek_field(e, (struct place){SPACE_BTF, net, 0}, "net",
			       "ipv4.sysctl_tcp_fin_timeout"));
	emit_scope_end(e, mark);
	ir_place(e->ir, own);
	/* 3.5 times the retransmission time-out at least */
	ir_alui(e->ir, IR_MUL, rto, tcp_socket_field(e, t, "inet_conn.icsk_rto"), 7);
	ir_alui(e->ir, IR_SHR, rto, rto, 1);
	raise_to(e, wait, rto);
	ir_branchi(e->ir, IR_ULE, wait, jiffies_of(TIMEWAIT_LEN), shorter);
	ir_alui(e->ir, IR_SUB, wait, wait, jiffies_of(TIMEWAIT_LEN));
	ir_place(e->ir, shorter);
	raise_to(e, wait, rto);
	return wait;
}

/* When it is over for certain: a timer is up to an eighth late, and this thirty-second later. */
static int fin_deadline(struct emit *e, const struct tcp_socket *t)
{
	int until = ir_reg(e->ir), late = ir_reg(e->ir);

	ir_alui(e->ir, IR_MUL, until, fin_time(e, t), 1000000000 / jiffies_of(1));
	ir_alui(e->ir, IR_MUL, late, until, 5);
	ir_alui(e->ir, IR_SHR, late, late, 5);
	ir_alu(e->ir, IR_ADD, until, until, late);
	ir_alu(e->ir, IR_ADD, until, until, emit_time(e));
	return until;
}

/* The socket ends in FIN_WAIT_2 without a FIN from the peer: the connection goes on without it. */
static void remember_fin_wait_2(struct emit *e, const struct tcp_socket *t)
{
	struct place key, value;
	struct ends ends;

	tcp_socket_ends(e, t, &ends);
	key = tcp_socket_tuple(e, t, &ends);
	value = kept_connection_store(e, t, &ends, fin_deadline(e, t));
	emit_map_update(e, finishing(e), key, value, offsetof(struct drops, connections));
}

/* marks |= bit if the register's bit `shift` is set */
static void add_mark(struct emit *e, int marks, int reg, unsigned shift, unsigned mark)
{
	int bit = ir_reg(e->ir);

	ir_alui(e->ir, IR_SHR, bit, reg, shift);
	ir_alui(e->ir, IR_AND, bit, bit, 1);
	ir_alui(e->ir, IR_MUL, bit, bit, mark);
	ir_alu(e->ir, IR_OR, marks, marks, bit);
}

/* marks |= bit if the register is not 0 (it is an int or less) */
static void add_nonzero(struct emit *e, int marks, int reg, unsigned mark)
{
	int minus = ir_reg(e->ir);

	ir_neg(e->ir, minus, reg);
	add_mark(e, marks, minus, 63, mark);
}

#define SOCK_DONE_BIT 1 /* enum sock_flags, include/net/sock.h */

/* What tcp_closing() looks at. */
static int end_marks(struct emit *e, const struct tcp_socket *t)
{
	int marks = ir_reg(e->ir), sent = ir_reg(e->ir);

	ir_const(e->ir, marks, 0);
	ir_alu(e->ir, IR_XOR, sent, tcp_socket_field(e, t, "snd_nxt"),
	       tcp_socket_field(e, t, "snd_una"));
	add_mark(e, marks, sock_field(e, t->sk, "__sk_common.skc_flags"), SOCK_DONE_BIT,
		 TCP_END_DONE);
	add_nonzero(e, marks, sock_field(e, t->sk, "sk_err"), TCP_END_ERROR);
	add_mark(e, marks, tcp_socket_field(e, t, "linger2"), 31, TCP_END_NO_WAIT);
	add_nonzero(e, marks, sent, TCP_END_SYN_SENT);
	return marks;
}

/* The end of a full socket: sets the state it means; skips what is told at another hook. */
static void closing_state(struct emit *e, struct tcp_socket *t, int skip)
{
	int state = ir_reg(e->ir), told = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_call_support(e->ir, state, ROUTINE_TCP_CLOSING, 2,
			(const int[]){t->last, end_marks(e, t)});
	skip_if(e, IR_EQ, state, TCP_END_NOTHING, skip);
	ir_branchi(e->ir, IR_NE, state, TCP_END_FIN_WAIT2, told);
	remember_fin_wait_2(e, t);
	ir_jump(e->ir, skip);
	ir_place(e->ir, told);
	ir_mov(e->ir, t->state, state);
	emit_scope_end(e, mark);
}

/* listen -> syn-received of a passive open, before what it does now */
static void fire_syn_received(struct emit *e, struct tcp_socket *t)
{
	int known = ir_label(e->ir), state = t->state, last = t->last;
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_NE, t->last, KTCP_SYN_RECV, known);
	ir_branchi(e->ir, IR_NE, tcp_socket_active(e, t), 0, known);
	t->state = emit_const(e, KTCP_SYN_RECV);
	t->last = emit_const(e, KTCP_LISTEN);
	fire(e, &t->object);
	t->state = state;
	t->last = last;
	emit_scope_end(e, mark);
	ir_place(e->ir, known);
}

void tcp_way_state_change(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), open = ir_label(e->ir), known = ir_label(e->ir);
	struct tcp_socket socket;

	(void)n;
	tcp_socket_of_set_state(e, &socket, skip);
	skip_if(e, IR_EQ, socket.state, KTCP_SYN_SENT, skip); /* tcp_way_syn_sent() */
	emit_branch_point(e);
	ir_branch(e->ir, IR_EQ, socket.state, socket.last, skip); /* close() in FIN_WAIT_2 */
	ir_branchi(e->ir, IR_NE, socket.state, KTCP_SYN_RECV, known);
	ir_branchi(e->ir, IR_EQ, socket.last, KTCP_LISTEN, skip); /* told with the next change */
	ir_place(e->ir, known);
	ir_branchi(e->ir, IR_NE, socket.state, KTCP_CLOSE, open);
	closing_state(e, &socket, skip);
	ir_place(e->ir, open);
	fire_syn_received(e, &socket);
	fire(e, &socket.object);
	ir_place(e->ir, skip);
}

/* --- FIN_WAIT_2 without a socket --- */

/* Removes the connection and tells its last change, unless somebody else has. state: -1 for closed
 */
static void fire_end(struct emit *e, struct kept_connection *k, struct place key, int state,
		     int skip)
{
	k->state = state < 0 ? emit_const(e, KTCP_CLOSE) : state;
	k->last = emit_const(e, KTCP_FIN_WAIT2);
	skip_if(e, IR_NE, emit_map_delete(e, finishing(e), key), 0, skip);
	fire(e, &k->object);
}

/* Skips what was dropped before TCP looked at it: TCP gives back what it has taken in. */
static void skip_not_taken_in(struct emit *e, int skip)
{
	int reason;

	if (kernel_has_rx_sk(e)) {
		skip_if(e, IR_EQ, tracepoint_arg(e, 3), 0, skip);
		return;
	}
	reason = ir_reg(e->ir);
	ir_extend(e->ir, reason, tracepoint_arg(e, 2), 4, false);
	skip_if(e, IR_NE, reason, kernel_no_drop_reason(e), skip);
}

/* What the segment makes of the connection, the kernel's number; skips what leaves it as it is. */
static int next_state(struct emit *e, const struct kept_connection *k, struct packet *p, int skip)
{
	int seq = packet_tcp_seq(e, p), next = ir_reg(e->ir);

	ir_call_support(e->ir, next, ROUTINE_TCP_FIN_WAIT, 5,
			(const int[]){k->rcv_nxt, k->rcv_wnd, seq, packet_tcp_end(e, p, seq),
				      packet_tcp_flags(e, p)});
	skip_if(e, IR_EQ, next, TCP_END_FIN_WAIT2, skip);
	return next;
}

void tcp_way_fin_wait_2_segment(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), dev, net, saved;
	struct kept_connection connection;
	struct skb_packet packet;
	struct place key;

	skip_not_taken_in(e, skip);
	tcp_dropped_segment(e, &packet, n, skip);
	dev = skb_field(e, &packet, "dev");
	skip_if(e, IR_EQ, dev, 0, skip);
	net = emit_peek_field(e, (struct place){SPACE_BTF, dev, 0}, "net_device", "nd_net.net");
	key = tuple_of_received(e, &packet.p, net);
	saved = emit_map_lookup(e, finishing(e), key);
	skip_if(e, IR_EQ, saved, 0, skip);
	kept_connection_load(e, &connection, saved);
	fire_end(e, &connection, key, next_state(e, &connection, &packet.p, skip), skip);
	ir_place(e->ir, skip);
}

void tcp_way_fin_wait_2_over(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), saved;
	struct kept_connection connection;
	struct place key = tuple_of_context(e);

	(void)n;
	saved = tuple_over(e, finishing(e), key, false, skip);
	kept_connection_load(e, &connection, saved);
	fire_end(e, &connection, key, -1, skip);
	ir_place(e->ir, skip);
}
