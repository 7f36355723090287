/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: what the kernel sends on its own account, in answer to a segment: resets of
 * closed ports, answers in TIME_WAIT, SYN,ACKs that the egress hook passes over.
 *
 * net_dev_queue tells of them, before the segment that they answer is told: TCP
 * frees that only when the answer has left, at kfree_skb.  So where the script
 * is told of both, the answer is kept meanwhile, under the 4-tuple of its cause,
 * and fires behind it.  Whether a reset refuses a connection shows in the cause
 * alone: for that it is kept in any case.  Where address translation stands in
 * between, the cause has another 4-tuple: then the answer fires when the consumer
 * finds it left over (MAP_TIMED).  What cannot be kept fires at once.
 */
#include <stddef.h>

#include "provider/device.h"
#include "provider/kernel.h"
#include "provider/tcp.h"
#include "source/tcp_opening.h"

/* --- which segments these are --- */

#define CHECKSUM_PARTIAL 3 /* TCP leaves the sum to the device; a firewall's reset has its own */

/* No socket is on it: so does TCP answer over IPv6. What a firewall rejects with looks alike. */
static void skip_firewall(struct emit *e, const struct skb_packet *s, int skip)
{
	skip_if(e, IR_NE, skb_field(e, s, "ip_summed"), CHECKSUM_PARTIAL, skip);
}

/* Over IPv4 only a SYN,ACK with a cookie is without a socket. */
static void skip_other_than_cookie(struct emit *e, const struct skb_packet *s, int skip)
{
	int ok = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_NE, skb_field(e, s, "sk"), 0, ok);
	ir_branchi(e->ir, IR_NE, s->p.version, 4, ok);
	tcp_skip_unless_flags(e, &s->p, TH_SYN | TH_ACK, TH_SYN | TH_ACK, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/*
 * What TCP sends on the kernel's own account has no socket, that of a connection
 * in TIME_WAIT or being opened, or the kernel's control socket; since 6.13
 * (507a96737d99) an IPv6 answer has the listener that it is about.
 */
static void skip_other_socket(struct emit *e, const struct skb_packet *s, int skip)
{
	int sk = skb_field(e, s, "sk"), state, ok = ir_label(e->ir), none = ir_label(e->ir),
	    listener = ir_label(e->ir);
	struct place at = {SPACE_BTF, sk, 0};
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, sk, 0, none);
	state = sock_field(e, at, "__sk_common.skc_state");
	ir_branchi(e->ir, IR_EQ, state, KTCP_TIME_WAIT, ok);
	ir_branchi(e->ir, IR_EQ, state, KTCP_NEW_SYN_RECV, ok);
	/* a full socket: the control socket of TCP is a raw one of the kernel's */
	skip_if(e, IR_NE, sock_field(e, at, "sk_protocol"), PROTOCOL_TCP, skip);
	ir_branchi(e->ir, IR_EQ, state, KTCP_LISTEN, listener);
	skip_if(e, IR_NE, sock_field(e, at, "sk_type"), SOCK_TYPE_RAW, skip);
	skip_if(e, IR_EQ, sock_field(e, at, "sk_kern_sock"), 0, skip);
	ir_jump(e->ir, ok);
	ir_place(e->ir, none);
	skip_firewall(e, s, skip);
	ir_jump(e->ir, ok);
	ir_place(e->ir, listener);
	skip_if(e, IR_EQ, s->p.version, 4, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/* At net_dev_queue: the egress hook does not see it. Forwarded packets have come in by an
 * interface. */
static void control_segment(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	skb_of_tracepoint(e, s, skip);
	skip_if(e, IR_NE, skb_field(e, s, "skb_iif"), 0, skip);
	skip_other_socket(e, s, skip);
	device_skip_passed_on(e, s, skip);
	tcp_of_skb(e, s, n, skip);
	skip_other_than_cookie(e, s, skip);
}

/* At kfree_skb: a firewall stops it on its way out. False: no code was made. */
static bool stopped_answer(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	if (!tcp_stopped(e, s, n, skip))
		return false;
	skip_if(e, IR_NE, packet_protocol(e, &s->p), PROTOCOL_TCP, skip);
	skip_other_socket(e, s, skip);
	skip_other_than_cookie(e, s, skip);
	return true;
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
	word = tcp_synack_seen(e);
	skip_if(e, IR_EQ, word, 0, skip);
	ir_load(e->ir, told, word, 0, 8);
	skip_if(e, IR_NE, told, 0, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/* --- firing at once --- */

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
	ir_mov(e->ir, state, tcp_timewait_state(e, sk));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return state;
}

/* The namespace, a register, of a packet that a device was handed. */
static int packet_net(struct emit *e, const struct skb_packet *s)
{
	return device_net(e, skb_field(e, s, "dev"));
}

/* What is known of it without its socket: its namespace, and whose it was. */
static void answering(struct emit *e, struct no_socket *socket, const struct skb_packet *s, int net,
		      const struct needs *n)
{
	no_socket(socket);
	no_socket_of(e, socket, skb_field(e, s, "sk"), n);
	socket->net = net;
}

static void fire_repeated(struct emit *e, const struct skb_packet *s, int net,
			  const struct needs *n, int skip)
{
	struct no_socket socket;

	answering(e, &socket, s, net, n);
	socket.retransmit = control_repeated(e, s);
	skip_if(e, IR_EQ, socket.retransmit, 0, skip);
	tcp_fire(e, &s->p, &socket.object);
}

void tcp_way_retransmit_control(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	control_segment(e, &packet, n, skip);
	skip_told_synack(e, &packet, skip);
	fire_repeated(e, &packet, packet_net(e, &packet), n, skip);
	ir_place(e->ir, skip);
}

void tcp_way_retransmit_stopped_answer(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	if (stopped_answer(e, &packet, n, skip))
		fire_repeated(e, &packet, tcp_stopped_net(e, &packet), n, skip);
	ir_place(e->ir, skip);
}

static void fire_now(struct emit *e, const struct skb_packet *s, int net, const struct needs *n)
{
	struct no_socket socket;

	answering(e, &socket, s, net, n);
	if (n->bits & NEED_RETRANSMIT)
		socket.retransmit = control_repeated(e, s);
	socket.state = control_state(e, s);
	tcp_fire(e, &s->p, &socket.object);
}

void tcp_way_send_control(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	control_segment(e, &packet, n, skip);
	skip_told_synack(e, &packet, skip);
	fire_now(e, &packet, packet_net(e, &packet), n);
	ir_place(e->ir, skip);
}

void tcp_way_send_stopped_answer(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	if (stopped_answer(e, &packet, n, skip))
		fire_now(e, &packet, tcp_stopped_net(e, &packet), n);
	ir_place(e->ir, skip);
}

/*
 * Since 6.13 (507a96737d99) an IPv6 reset in answer to a segment of a connection
 * has that connection's socket, but passes by the egress hook.  It has no ACK,
 * since what it answers has; the resets that a connection sends itself have.
 * The egress hook has told of the cause before.
 */
void tcp_way_send_reset(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	skb_of_tracepoint(e, &packet, skip);
	skip_if(e, IR_EQ, packet.p.version, 4, skip);
	skip_if(e, IR_NE, skb_field(e, &packet, "skb_iif"), 0, skip);
	skip_if(e, IR_EQ, skb_field(e, &packet, "sk"), 0, skip);
	tcp_of_skb(e, &packet, n, skip);
	tcp_skip_unless_flags(e, &packet.p, TH_RST | TH_ACK, TH_RST, skip);
	device_skip_passed_on(e, &packet, skip);
	tcp_socket_of_skb(e, &socket, skip);
	tcp_fire(e, &packet.p, &socket.object);
	ir_place(e->ir, skip);
}

/* --- kept until the cause has been told --- */

#define ANSWERS_MAX 8192
#define KEPT_NS 50000000 /* the cause is freed right behind the answer */

/* Each probe keeps for itself: who fires an answer removes it. */
static int answers(struct emit *e, const char *name)
{
	return emit_map_once(e, (struct map_def){
					.name = name,
					.role = MAP_TIMED,
					.type = BPF_MAP_TYPE_HASH,
					.key_size = tuple_size(),
					.value_size = kept_packet_size(),
					.max_entries = ANSWERS_MAX,
					.flags = BPF_F_NO_PREALLOC,
				});
}

static const char sent[] = "answers", refusals[] = "refusals";

/* Keeps the answer, and skips; goes on if it cannot be kept. */
static void keep(struct emit *e, const struct skb_packet *s, int net, const char *map, int skip)
{
	int until = ir_reg(e->ir);
	struct place key = tuple_of_sent(e, &s->p, net), value;

	ir_alui(e->ir, IR_ADD, until, emit_time(e), KEPT_NS);
	value = kept_packet_store(e, s, until, control_state(e, s));
	skip_if(e, IR_EQ, emit_map_add(e, answers(e, map), key, value), 0, skip);
}

/* Takes out the answer that is kept for the key, at an address (a register), and fires. */
static void fire_answer(struct emit *e, const char *map, struct place key, int at,
			struct no_socket *socket, int skip)
{
	struct kept_packet packet;

	kept_packet_load(e, &packet, at);
	skip_if(e, IR_NE, emit_map_delete(e, answers(e, map), key), 0, skip);
	socket->state = packet.note;
	tcp_fire(e, &packet.p, &socket->object);
}

/* The same if there is one. */
static void fire_kept(struct emit *e, const char *map, struct place key, struct no_socket *socket,
		      int skip)
{
	int at = emit_map_lookup(e, answers(e, map), key);

	skip_if(e, IR_EQ, at, 0, skip);
	fire_answer(e, map, key, at, socket, skip);
}

/* The consumer found it left over, or looks for the last time. */
static void fire_left(struct emit *e, const char *map)
{
	int skip = ir_label(e->ir), at;
	struct place key = tuple_of_context(e);
	struct no_socket socket;

	no_socket(&socket);
	socket.net = ir_reg(e->ir);
	ir_load(e->ir, socket.net, emit_ctx(e), 0, 8); /* the key begins with it */
	at = tuple_over(e, answers(e, map), key, true, skip);
	fire_answer(e, map, key, at, &socket, skip);
	ir_place(e->ir, skip);
}

/* The freed segment that may have caused an answer, and what it tells of the answer's connection:
 * the key of what is kept. */
static struct place cause(struct emit *e, struct skb_packet *s, struct no_socket *socket,
			  const struct needs *n, int skip)
{
	int dev;

	tcp_dropped_segment(e, s, n, skip);
	dev = skb_field(e, s, "dev");
	skip_if(e, IR_EQ, dev, 0, skip);
	no_socket(socket);
	socket->net = device_net(e, dev);
	if (kernel_has_rx_sk(e))
		no_socket_of(e, socket, tracepoint_arg(e, 3), n);
	return tuple_of_received(e, &s->p, socket->net);
}

/* A SYN,ACK comes behind its cause as it is. */
static void keep_or_fire(struct emit *e, const struct skb_packet *s, int net, const struct needs *n,
			 int skip)
{
	int now = ir_label(e->ir), flags = ir_reg(e->ir);
	size_t mark;

	ir_alui(e->ir, IR_AND, flags, packet_tcp_flags(e, &s->p), TH_SYN);
	ir_branchi(e->ir, IR_NE, flags, 0, now);
	mark = emit_scope(e);
	keep(e, s, net, sent, skip);
	emit_scope_end(e, mark);
	ir_place(e->ir, now);
	fire_now(e, s, net, n);
}

void tcp_way_send_kept(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	control_segment(e, &packet, n, skip);
	skip_told_synack(e, &packet, skip);
	keep_or_fire(e, &packet, packet_net(e, &packet), n, skip);
	ir_place(e->ir, skip);
}

void tcp_way_send_stopped_kept(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	if (stopped_answer(e, &packet, n, skip))
		keep_or_fire(e, &packet, tcp_stopped_net(e, &packet), n, skip);
	ir_place(e->ir, skip);
}

void tcp_way_send_answer(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct no_socket socket;
	struct place key = cause(e, &packet, &socket, n, skip);

	fire_kept(e, sent, key, &socket, skip);
	ir_place(e->ir, skip);
}

void tcp_way_send_left(struct emit *e, const struct needs *n)
{
	(void)n;
	fire_left(e, sent);
}

/* --- refused connections --- */

/* Skips what cannot be the answer to a SYN that nobody listens for: RST,ACK with sequence number
 * 0, RFC 9293 section 3.5.2. Other segments without ACK have that answer too. */
static void keep_refusal(struct emit *e, const struct skb_packet *s, int net, const struct needs *n,
			 int skip)
{
	struct no_socket socket;

	tcp_skip_unless_flags(e, &s->p, TH_RST | TH_ACK, TH_RST | TH_ACK, skip);
	skip_if(e, IR_NE, packet_tcp_seq(e, &s->p), 0, skip);
	keep(e, s, net, refusals, skip);
	answering(e, &socket, s, net, n);
	tcp_fire(e, &s->p, &socket.object);
}

void tcp_way_refused_kept(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	control_segment(e, &packet, n, skip);
	keep_refusal(e, &packet, packet_net(e, &packet), n, skip);
	ir_place(e->ir, skip);
}

void tcp_way_refused_stopped(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	if (stopped_answer(e, &packet, n, skip))
		keep_refusal(e, &packet, tcp_stopped_net(e, &packet), n, skip);
	ir_place(e->ir, skip);
}

void tcp_way_accept_refused(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), syn = ir_label(e->ir), flags = ir_reg(e->ir);
	struct skb_packet packet;
	struct no_socket socket;
	struct place key = cause(e, &packet, &socket, n, skip);
	size_t mark;

	ir_alui(e->ir, IR_AND, flags, packet_tcp_flags(e, &packet.p), TH_SYN | TH_ACK | TH_RST);
	ir_branchi(e->ir, IR_EQ, flags, TH_SYN, syn);
	mark = emit_scope(e);
	emit_map_delete(e, answers(e, refusals), key);
	emit_branch_point(e);
	ir_jump(e->ir, skip);
	emit_scope_end(e, mark);
	ir_place(e->ir, syn);
	fire_kept(e, refusals, key, &socket, skip);
	ir_place(e->ir, skip);
}

void tcp_way_refused_left(struct emit *e, const struct needs *n)
{
	(void)n;
	fire_left(e, refusals);
}
