/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tcp provider.
 *
 * Segments with a connection come from the cgroup hooks.  What those do not see
 * is completed from two tracepoints: segments sent on the kernel's own account
 * (net_dev_queue: resets of closed ports, answers in TIME_WAIT), and segments
 * taken in without a full socket (kfree_skb: closed port, TIME_WAIT).
 *
 * State changes come from inet_sock_set_state, told as RFC 9293 tells them:
 *
 *  - closed -> syn-sent with the first SYN, when the local port is known.
 *  - listen -> syn-received when the connection leaves syn-received: before
 *    6.14 (a3a128f611a9) the tracepoint fires while the new socket has no
 *    addresses, and its cookie is not settled.
 *  - Linux closes the socket of a connection that enters TIME_WAIT, or that
 *    waits in FIN_WAIT_2 after close(): told apart by SOCK_DONE (the FIN has
 *    been received) and sk_err (a reset).  The second kind is remembered in a
 *    map until the peer's FIN comes, and only then goes to time-wait.
 */
#include "provider/native.h"
#include "provider/net.h"
#include "provider/tables.h"
#include "provider/tcp_next.h"

#include <stddef.h>

#define SOCK_STREAM 1
#define SOCK_RAW 3
#define IPPROTO_TCP 6

/* --- segments --- */

/* A segment with its connection, in one of these states. */
static void segment(struct codegen *cg, struct net_event *ev, unsigned states, unsigned l4_bytes,
		    int skip)
{
	int protocol;

	net_cgroup_socket(cg, ev, SOCK_STREAM, IPPROTO_TCP, states, skip);
	protocol = ir_reg(cg->ir);
	ir_load(cg->ir, protocol, cg->ctx, offsetof(struct __sk_buff, protocol), 4);
	net_version(cg, ev, protocol, skip);
	net_headers_cgroup(cg, ev, 0, l4_bytes, skip);
}

/*
 * Before 6.6 (223f5f79f2ce) the egress hook passes over v6 SYN,ACKs; there
 * net_dev_queue, which comes after it, tells of them.  What this kernel does
 * shows with the first one: the egress hook notes in this word that it sees
 * them.  A register with the word's address, perhaps 0.
 */
static int synack_seen(struct codegen *cg)
{
	int key = ir_stack(cg->ir, 4), map = ir_reg(cg->ir), word = ir_reg(cg->ir);

	ir_stack_storei(cg->ir, key, 0, 0, 4);
	ir_map(cg->ir, map,
	       cg_hook_map(cg, (struct map_def){
				       .name = "synack_seen",
				       .role = MAP_PLAIN,
				       .type = BPF_MAP_TYPE_ARRAY,
				       .key_size = 4,
				       .value_size = 8,
				       .max_entries = 1,
			       }));
	IR_CALL(cg->ir, word, BPF_FUNC_map_lookup_elem, map,
		cg_address(cg, (struct place){SPACE_STACK, key, 0}));
	return word;
}

/* if (version == 6 && sk->state == LISTEN) synack_seen = 1; a listener sends nothing else */
static void note_synack(struct codegen *cg, struct net_event *ev)
{
	int done = ir_label(cg->ir), word, seen = ir_reg(cg->ir);
	size_t mark = cg_scope(cg);

	ir_branchi(cg->ir, IR_EQ, ev->version, 4, done);
	ir_branchi(cg->ir, IR_NE, cg_peek_field(cg, ev->sk, "sock", "__sk_common.skc_state"),
		   KTCP_LISTEN, done);
	word = synack_seen(cg);
	ir_branchi(cg->ir, IR_EQ, word, 0, done);
	ir_load(cg->ir, seen, word, 0, 8);
	ir_branchi(cg->ir, IR_NE, seen, 0, done);
	ir_store(cg->ir, word, 0, cg_const(cg, 1), 8);
	ir_place(cg->ir, done);
	cg_scope_end(cg, mark);
}

static void fire_send(struct codegen *cg)
{
	struct net_event ev = {.sending = true};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	segment(cg, &ev, 0, 0, skip);
	note_synack(cg, &ev);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

static void fire_receive(struct codegen *cg)
{
	struct net_event ev = {0};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	segment(cg, &ev, 0, cg->wants_rnxt ? 14 : 0, skip);
	if (cg->wants_rnxt)
		ev.rnxt = tcp_expected(cg, &ev);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

static void skip_unless_flags(struct codegen *cg, struct net_event *ev, int mask, int value,
			      int skip)
{
	int flags = ir_reg(cg->ir);

	ir_alui(cg->ir, IR_AND, flags, net_tcp_flags(cg, ev), mask);
	net_skip(cg, IR_NE, flags, value, skip);
}

/* An active open's first SYN: nothing was sent before it. */
static void first_syn(struct codegen *cg, struct net_event *ev, int skip)
{
	segment(cg, ev, 1 << KTCP_SYN_SENT, 14, skip);
	skip_unless_flags(cg, ev, TH_SYN | TH_ACK, TH_SYN, skip);
	cg_branch_point(cg);
	ir_branch(cg->ir, IR_NE, net_tcp_seq(cg, ev),
		  cg_peek_field(cg, ev->tp, "tcp_sock", "snd_nxt"), skip);
}

static void fire_connect_request(struct codegen *cg)
{
	struct net_event ev = {.sending = true};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	first_syn(cg, &ev, skip);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

static void fire_syn_sent(struct codegen *cg)
{
	struct net_event ev = {.sending = true};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	first_syn(cg, &ev, skip);
	ev.packet = false; /* state-change has no packet */
	ev.state = cg_const(cg, KTCP_SYN_SENT);
	ev.last = cg_const(cg, KTCP_CLOSE);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

/*
 * A reset that acknowledges our SYN: SND.UNA < SEG.ACK =< SND.NXT, RFC 9293
 * section 3.10.7.3. It may be here before the sender has moved snd_nxt past the
 * SYN; write_seq is set before that is sent.
 */
static void fire_connect_refused(struct codegen *cg)
{
	struct net_event ev = {0};
	int skip = ir_label(cg->ir), una, ack = ir_reg(cg->ir), sent = ir_reg(cg->ir);

	cg->event = &ev;
	segment(cg, &ev, 1 << KTCP_SYN_SENT, 14, skip);
	skip_unless_flags(cg, &ev, TH_RST | TH_ACK, TH_RST | TH_ACK, skip);
	ir_swap(cg->ir, ack, cg_peek(cg, cg_place_at(ev.l4, 8), 4), 4);
	una = cg_peek_field(cg, ev.tp, "tcp_sock", "snd_una");
	ir_alu(cg->ir, IR_SUB, ack, ack, una);
	ir_alui(cg->ir, IR_SUB, ack, ack, 1);
	ir_extend(cg->ir, ack, ack, 4, false);
	ir_alu(cg->ir, IR_SUB, sent, cg_peek_field(cg, ev.tp, "tcp_sock", "write_seq"), una);
	ir_extend(cg->ir, sent, sent, 4, false);
	cg_branch_point(cg);
	ir_branch(cg->ir, IR_UGE, ack, sent, skip);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

/* --- segments without a full socket --- */

static int proto_of(struct codegen *cg, struct net_event *ev)
{
	int reg = ir_reg(cg->ir), done = ir_label(cg->ir);

	/* protocol or next header; TCP behind v6 extension headers is not looked for here */
	ir_mov(cg->ir, reg, cg_peek(cg, cg_place_at(ev->ip, 9), 1));
	ir_branchi(cg->ir, IR_EQ, ev->version, 4, done);
	ir_stack_load(cg->ir, reg, ev->ip.base, 6, 1);
	ir_place(cg->ir, done);
	return reg;
}

/* Reads the headers of skb's packet; skips what is not TCP. */
static void tcp_of_skb(struct codegen *cg, struct net_event *ev, int base, int skip)
{
	net_headers_at(cg, ev, base, 40, 20);
	net_skip(cg, IR_NE, proto_of(cg, ev), IPPROTO_TCP, skip);
}

static int network_header(struct codegen *cg, struct net_event *ev)
{
	int base = ir_reg(cg->ir);

	ir_alu(cg->ir, IR_ADD, base, cg_peek_field(cg, ev->skb, "sk_buff", "head"),
	       cg_peek_field(cg, ev->skb, "sk_buff", "network_header"));
	return base;
}

/*
 * A segment that TCP sends on the kernel's own account: no connection's socket
 * is on it.  It has none (v6 resets), that of a connection in TIME_WAIT or being
 * opened, or the kernel's control socket.  Forwarded packets have come in by an
 * interface.  A SYN,ACK with a socket is told by the cgroup hook.
 */
static void control_segment(struct codegen *cg, struct net_event *ev, int skip)
{
	int sk, state, ok = ir_label(cg->ir);
	struct place at;
	size_t mark;

	ev->skb = (struct place){SPACE_BTF, net_tp_arg(cg, 0), 0};
	net_version(cg, ev, cg_peek_field(cg, ev->skb, "sk_buff", "protocol"), skip);
	net_skip(cg, IR_NE, cg_peek_field(cg, ev->skb, "sk_buff", "skb_iif"), 0, skip);
	sk = cg_peek_field(cg, ev->skb, "sk_buff", "sk");
	at = (struct place){SPACE_BTF, sk, 0};
	mark = cg_scope(cg);
	ir_branchi(cg->ir, IR_EQ, sk, 0, ok);
	state = cg_peek_field(cg, at, "sock", "__sk_common.skc_state");
	ir_branchi(cg->ir, IR_EQ, state, KTCP_TIME_WAIT, ok);
	ir_branchi(cg->ir, IR_EQ, state, KTCP_NEW_SYN_RECV, ok);
	/* a full socket: the control socket of TCP is a raw one of the kernel's */
	net_skip(cg, IR_NE, cg_peek_field(cg, at, "sock", "sk_protocol"), IPPROTO_TCP, skip);
	net_skip(cg, IR_NE, cg_peek_field(cg, at, "sock", "sk_type"), SOCK_RAW, skip);
	net_skip(cg, IR_EQ, cg_peek_field(cg, at, "sock", "sk_kern_sock"), 0, skip);
	ir_place(cg->ir, ok);
	cg_scope_end(cg, mark);
	tcp_of_skb(cg, ev, network_header(cg, ev), skip);
}

/* if (skb->sk && syn && (version != 6 || synack_seen)) the cgroup hook has told of it */
static void skip_told_synack(struct codegen *cg, struct net_event *ev, int skip)
{
	int flags = ir_reg(cg->ir), told = ir_reg(cg->ir), ok = ir_label(cg->ir), word;
	size_t mark = cg_scope(cg);

	ir_branchi(cg->ir, IR_EQ, cg_peek_field(cg, ev->skb, "sk_buff", "sk"), 0, ok);
	ir_alui(cg->ir, IR_AND, flags, net_tcp_flags(cg, ev), TH_SYN);
	ir_branchi(cg->ir, IR_EQ, flags, 0, ok);
	net_skip(cg, IR_EQ, ev->version, 4, skip);
	word = synack_seen(cg);
	net_skip(cg, IR_EQ, word, 0, skip);
	ir_load(cg->ir, told, word, 0, 8);
	net_skip(cg, IR_NE, told, 0, skip);
	ir_place(cg->ir, ok);
	cg_scope_end(cg, mark);
}

static void fire_send_control(struct codegen *cg)
{
	struct net_event ev = {.state = -1, .last = -1, .length = -1, .sending = true};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	control_segment(cg, &ev, skip);
	skip_told_synack(cg, &ev, skip);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

/* The answer to a SYN that nobody listens for: RST,ACK with sequence number 0, RFC 9293
 * section 3.5.2. */
static void fire_accept_refused(struct codegen *cg)
{
	struct net_event ev = {.state = -1, .last = -1, .length = -1, .sending = true};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	control_segment(cg, &ev, skip);
	skip_unless_flags(cg, &ev, TH_RST | TH_ACK, TH_RST | TH_ACK, skip);
	net_skip(cg, IR_NE, net_tcp_seq(cg, &ev), 0, skip);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

static int64_t enumerator(struct codegen *cg, const char *name)
{
	struct type *t;
	int64_t v = -1;

	if (!types_enumerator(cg->script->types, name, &v, &t))
		cg_error(cg, (struct loc){0}, "D_KERNEL_HOOK",
			 "this kernel has no %s, which tcp:::receive needs", name);
	return v;
}

/* kfree_skb hands the receiving socket on since 6.12 (ba8de796baf4): its BTF type has one parameter
 * more. */
static bool has_rx_sk(struct codegen *cg)
{
	struct type *t = types_typedef(cg->script->types, "btf_trace_kfree_skb");

	t = t ? type_resolve(t) : NULL;
	if (t && t->kind == TYPE_POINTER)
		t = type_resolve(t->base);
	if (t)
		types_complete(cg->script->types, t);
	return t && t->kind == TYPE_FUNCTION && t->nmembers >= 5;
}

/* A TCP segment for this host that ends at kfree_skb: version and headers are read. */
static void dropped_segment(struct codegen *cg, struct net_event *ev, int skip)
{
	ev->skb = (struct place){SPACE_BTF, net_tp_arg(cg, 0), 0};
	net_version(cg, ev, cg_peek_field(cg, ev->skb, "sk_buff", "protocol"), skip);
	net_skip(cg, IR_NE, cg_peek_field(cg, ev->skb, "sk_buff", "pkt_type"), 0, skip);
	tcp_of_skb(cg, ev, network_header(cg, ev), skip);
}

static void fire_receive_unconnected(struct codegen *cg)
{
	struct net_event ev = {.state = -1, .last = -1, .length = -1};
	int skip = ir_label(cg->ir), ok = ir_label(cg->ir), reason = net_tp_arg(cg, 2),
	    low = ir_reg(cg->ir), state;

	cg->event = &ev;
	state = ir_reg(cg->ir);
	ir_const(cg->ir, state, KTCP_CLOSE);
	ir_extend(cg->ir, low, reason, 4, false);
	cg_branch_point(cg);
	ir_branchi(cg->ir, IR_EQ, low, enumerator(cg, "SKB_DROP_REASON_NO_SOCKET"), ok);
	if (has_rx_sk(cg)) {
		int sk = net_tp_arg(cg, 3);

		net_skip(cg, IR_EQ, sk, 0, skip);
		ir_mov(cg->ir, state,
		       cg_peek_field(cg, (struct place){SPACE_BTF, sk, 0}, "sock",
				     "__sk_common.skc_state"));
		net_skip(cg, IR_NE, state, KTCP_TIME_WAIT, skip);
	} else {
		ir_jump(cg->ir, skip);
	}
	ir_place(cg->ir, ok);
	cg_scope_end(cg, cg->branch_mark >= 0 ? (size_t)cg->branch_mark : 0);
	dropped_segment(cg, &ev, skip);
	ev.state = state;
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

/* --- handshakes: the packet that completed them --- */

static int hash_map(struct codegen *cg, const char *name, uint32_t value_size)
{
	return cg_hook_map(cg, (struct map_def){
				       .name = name,
				       .role = MAP_PLAIN,
				       .type = BPF_MAP_TYPE_LRU_HASH,
				       .key_size = sizeof(struct net_tuple),
				       .value_size = value_size,
				       .max_entries = 8192,
			       });
}

static int handshakes(struct codegen *cg)
{
	return hash_map(cg, "handshakes", sizeof(struct net_packet_copy));
}

static int map_call(struct codegen *cg, enum bpf_func_id f, int map, struct place key)
{
	int m = ir_reg(cg->ir), ret = ir_reg(cg->ir);

	ir_map(cg->ir, m, map);
	IR_CALL(cg->ir, ret, f, m, cg_address(cg, key));
	return ret;
}

static void map_update(struct codegen *cg, int map, struct place key, struct place value)
{
	int m = ir_reg(cg->ir), ret = ir_reg(cg->ir), ok = ir_label(cg->ir);

	ir_map(cg->ir, m, map);
	IR_CALL(cg->ir, ret, BPF_FUNC_map_update_elem, m, cg_address(cg, key),
		cg_address(cg, value), cg_const(cg, BPF_ANY));
	ir_branchi(cg->ir, IR_EQ, ret, 0, ok);
	cg_count_drop(cg, offsetof(struct drops, dynamic));
	ir_place(cg->ir, ok);
}

/*
 * Keeps a copy of a segment that may complete a handshake, under its 4-tuple,
 * for fire_connect_established() and fire_accept_established(): the tracepoint
 * that knows of the state has no packet, and may come later, from the backlog.
 */
static void fire_note_handshake(struct codegen *cg)
{
	struct net_event ev = {0};
	int skip = ir_label(cg->ir), copy, reg;
	struct place key, value;

	cg->event = &ev;
	cg->useful = true;
	net_cgroup_socket(cg, &ev, SOCK_STREAM, IPPROTO_TCP,
			  1 << KTCP_SYN_SENT | 1 << KTCP_SYN_RECV | 1 << KTCP_LISTEN, skip);
	reg = ir_reg(cg->ir);
	ir_load(cg->ir, reg, cg->ctx, offsetof(struct __sk_buff, protocol), 4);
	net_version(cg, &ev, reg, skip);
	net_headers_cgroup(cg, &ev, 40, 20, skip);
	skip_unless_flags(cg, &ev, TH_ACK | TH_RST, TH_ACK, skip);
	copy = ir_stack(cg->ir, sizeof(struct net_packet_copy));
	value = (struct place){SPACE_STACK, copy, 0};
	ir_stack_store(cg->ir, copy, offsetof(struct net_packet_copy, skb), cg->ctx, 8);
	ir_stack_store(cg->ir, copy, offsetof(struct net_packet_copy, dev),
		       cg_peek_field(cg, ev.skb, "sk_buff", "dev"), 8);
	ir_stack_store(cg->ir, copy, offsetof(struct net_packet_copy, version), ev.version, 4);
	reg = ir_reg(cg->ir);
	ir_load(cg->ir, reg, cg->ctx, offsetof(struct __sk_buff, len), 4);
	ir_stack_store(cg->ir, copy, offsetof(struct net_packet_copy, length), reg, 4);
	cg_copy(cg, cg_place_at(value, offsetof(struct net_packet_copy, ip)), ev.ip, 40);
	cg_copy(cg, cg_place_at(value, offsetof(struct net_packet_copy, l4)), ev.l4, 20);
	ir_stack_storei(cg->ir, copy, offsetof(struct net_packet_copy, l4) + 20, 0, 4);
	key = net_tuple_of_packet(cg, &ev,
				  cg_peek_field(cg, ev.sk, "sock", "__sk_common.skc_net.net"));
	map_update(cg, handshakes(cg), key, value);
	ir_place(cg->ir, skip);
}

/* inet_sock_set_state: fills the socket; skips what is not TCP. */
static void state_event(struct codegen *cg, struct net_event *ev, int skip)
{
	int tp = ir_reg(cg->ir);

	ev->sk = (struct place){SPACE_BTF, net_tp_arg(cg, 0), 0};
	ev->socket = true;
	ev->cookie = COOKIE_HELPER;
	ev->length = -1;
	net_skip(cg, IR_NE, cg_peek_field(cg, ev->sk, "sock", "sk_protocol"), IPPROTO_TCP, skip);
	net_skip(cg, IR_NE, cg_peek_field(cg, ev->sk, "sock", "sk_type"), SOCK_STREAM, skip);
	IR_CALL(cg->ir, tp, BPF_FUNC_skc_to_tcp_sock, ev->sk.base);
	net_skip(cg, IR_EQ, tp, 0, skip);
	ev->tp = (struct place){SPACE_BTF, tp, 0};
	ev->full = true;
	ev->last = ir_reg(cg->ir);
	ev->state = ir_reg(cg->ir);
	ir_extend(cg->ir, ev->last, net_tp_arg(cg, 1), 4, false);
	ir_extend(cg->ir, ev->state, net_tp_arg(cg, 2), 4, false);
}

/*
 * Fires with the kept packet. Without one (8,192 handshakes at once push each
 * other out, and one under way at the start was not kept) the firing is lost,
 * and counted as a drop.
 */
static void fire_with_handshake(struct codegen *cg, struct net_event *ev, int skip)
{
	int map = handshakes(cg), kept = ir_label(cg->ir), copy;
	struct net_ends ends;
	struct place key;

	net_sock_ends(cg, ev, &ends);
	key = net_tuple_of_sock(cg, ev, &ends);
	copy = map_call(cg, BPF_FUNC_map_lookup_elem, map, key);
	cg_branch_point(cg);
	ir_branchi(cg->ir, IR_NE, copy, 0, kept);
	cg_count_drop(cg, offsetof(struct drops, records));
	ir_jump(cg->ir, skip);
	ir_place(cg->ir, kept);
	ev->packet = true;
	ev->skb = (struct place){SPACE_MAP, copy, 0};
	ev->ip = cg_place_at(ev->skb, offsetof(struct net_packet_copy, ip));
	ev->l4 = cg_place_at(ev->skb, offsetof(struct net_packet_copy, l4));
	ev->version =
		cg_peek(cg, cg_place_at(ev->skb, offsetof(struct net_packet_copy, version)), 4);
	ev->length = cg_peek(cg, cg_place_at(ev->skb, offsetof(struct net_packet_copy, length)), 4);
	cg_clauses(cg);
	map_call(cg, BPF_FUNC_map_delete_elem, map, key);
}

/* A socket that has not been accepted has no struct socket: it was opened passively. */
static int is_active(struct codegen *cg, struct net_event *ev)
{
	return cg_peek_field(cg, ev->sk, "sock", "sk_socket");
}

static void fire_connect_established(struct codegen *cg)
{
	struct net_event ev = {0};
	int skip = ir_label(cg->ir), ok = ir_label(cg->ir);
	size_t mark;

	cg->event = &ev;
	state_event(cg, &ev, skip);
	net_skip(cg, IR_NE, ev.state, KTCP_ESTABLISHED, skip);
	mark = cg_scope(cg);
	ir_branchi(cg->ir, IR_EQ, ev.last, KTCP_SYN_SENT, ok);
	/* a simultaneous open */
	net_skip(cg, IR_NE, ev.last, KTCP_SYN_RECV, skip);
	net_skip(cg, IR_EQ, is_active(cg, &ev), 0, skip);
	ir_place(cg->ir, ok);
	cg_scope_end(cg, mark);
	fire_with_handshake(cg, &ev, skip);
	ir_place(cg->ir, skip);
}

static void fire_accept_established(struct codegen *cg)
{
	struct net_event ev = {0};
	int skip = ir_label(cg->ir);

	cg->event = &ev;
	state_event(cg, &ev, skip);
	net_skip(cg, IR_NE, ev.state, KTCP_ESTABLISHED, skip);
	net_skip(cg, IR_NE, ev.last, KTCP_SYN_RECV, skip);
	net_skip(cg, IR_NE, is_active(cg, &ev), 0, skip);
	fire_with_handshake(cg, &ev, skip);
	ir_place(cg->ir, skip);
}

/* --- state changes --- */

static int finishing(struct codegen *cg)
{
	return hash_map(cg, "fin_wait_2", sizeof(struct net_saved));
}

/* The socket ends in FIN_WAIT_2 without a FIN from the peer: the connection goes on without it. */
static void remember_fin_wait_2(struct codegen *cg, struct net_event *ev)
{
	struct place value = {SPACE_STACK, ir_stack(cg->ir, sizeof(struct net_saved)), 0};
	int cookie = ir_reg(cg->ir);
	struct net_ends ends;
	struct place key;

	net_sock_ends(cg, ev, &ends);
	key = net_tuple_of_sock(cg, ev, &ends);
	IR_CALL(cg->ir, cookie, BPF_FUNC_get_socket_cookie, ev->sk.base);
	ir_stack_store(cg->ir, value.base, offsetof(struct net_saved, cookie), cookie, 8);
	for (int i = 0; i < 3; i++) {
		ir_stack_store(cg->ir, value.base, offsetof(struct net_saved, local) + i * 8,
			       ends.local[i], 8);
		ir_stack_store(cg->ir, value.base, offsetof(struct net_saved, remote) + i * 8,
			       ends.remote[i], 8);
	}
	ir_stack_store(cg->ir, value.base, offsetof(struct net_saved, lport), ends.lport, 2);
	ir_stack_store(cg->ir, value.base, offsetof(struct net_saved, rport), ends.rport, 2);
	ir_stack_storei(cg->ir, value.base, offsetof(struct net_saved, zero), 0, 4);
	map_update(cg, finishing(cg), key, value);
}

#define SOCK_DONE_BIT 1 /* enum sock_flags, include/net/sock.h */

/* What the end of a full socket means; emits nothing to fire for what is told at another hook. */
static void closing_state(struct codegen *cg, struct net_event *ev, int fire, int skip)
{
	int time_wait = ir_label(cg->ir), wait = ir_label(cg->ir), fin = ir_label(cg->ir), done;
	size_t mark = cg_scope(cg);

	/* syn-sent that never had a port: connect() failed before the SYN */
	ir_branchi(cg->ir, IR_NE, ev->last, KTCP_SYN_SENT, fin);
	ir_branchi(cg->ir, IR_EQ,
		   cg_peek_field(cg, ev->tp, "tcp_sock", "inet_conn.icsk_inet.inet_sport"), 0,
		   skip);
	ir_jump(cg->ir, fire);
	cg_scope_end(cg, mark);

	ir_place(cg->ir, fin);
	ir_branchi(cg->ir, IR_NE, cg_peek_field(cg, ev->sk, "sock", "sk_err"), 0, fire);
	ir_branchi(cg->ir, IR_EQ, ev->last, KTCP_CLOSING, time_wait);
	ir_branchi(cg->ir, IR_NE, ev->last, KTCP_FIN_WAIT2, fire);
	done = ir_reg(cg->ir);
	ir_alui(cg->ir, IR_AND, done, cg_peek_field(cg, ev->sk, "sock", "__sk_common.skc_flags"),
		1 << SOCK_DONE_BIT);
	ir_branchi(cg->ir, IR_EQ, done, 0, wait);
	ir_place(cg->ir, time_wait);
	ir_const(cg->ir, ev->state, KTCP_TIME_WAIT);
	ir_jump(cg->ir, fire);
	cg_scope_end(cg, mark);

	ir_place(cg->ir, wait);
	/* TCP_LINGER2 below 0 asks for a reset instead of waiting */
	int linger2 = ir_reg(cg->ir);

	ir_extend(cg->ir, linger2, cg_peek_field(cg, ev->tp, "tcp_sock", "linger2"), 4, true);
	ir_branchi(cg->ir, IR_SLT, linger2, 0, fire);
	remember_fin_wait_2(cg, ev);
	ir_jump(cg->ir, skip);
	cg_scope_end(cg, mark);
}

static void fire_state_change(struct codegen *cg)
{
	struct net_event ev = {0};
	int skip = ir_label(cg->ir), fire = ir_label(cg->ir), known = ir_label(cg->ir), state;
	size_t mark;

	cg->event = &ev;
	state_event(cg, &ev, skip);
	net_skip(cg, IR_EQ, ev.state, KTCP_SYN_SENT, skip); /* fire_syn_sent() */
	ir_branchi(cg->ir, IR_NE, ev.state, KTCP_SYN_RECV,
		   known); /* from listen: told with the next change */
	ir_branchi(cg->ir, IR_EQ, ev.last, KTCP_LISTEN, skip);
	ir_place(cg->ir, known);
	ir_branchi(cg->ir, IR_NE, ev.state, KTCP_CLOSE, fire);
	closing_state(cg, &ev, fire, skip);
	ir_place(cg->ir, fire);

	/* listen -> syn-received of a passive open, before what it does now */
	known = ir_label(cg->ir);
	mark = cg_scope(cg);
	ir_branchi(cg->ir, IR_NE, ev.last, KTCP_SYN_RECV, known);
	ir_branchi(cg->ir, IR_NE, is_active(cg, &ev), 0, known);
	state = ev.state;
	int last = ev.last;

	ev.state = cg_const(cg, KTCP_SYN_RECV);
	ev.last = cg_const(cg, KTCP_LISTEN);
	cg_clauses(cg);
	ev.state = state;
	ev.last = last;
	cg_scope_end(cg, mark);
	ir_place(cg->ir, known);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

/* The peer's FIN for a connection in FIN_WAIT_2 whose socket is gone. */
static void fire_last_fin(struct codegen *cg)
{
	struct net_event ev = {.length = -1};
	int skip = ir_label(cg->ir), dev, net, saved;
	struct place key;

	cg->event = &ev;
	dropped_segment(cg, &ev, skip);
	skip_unless_flags(cg, &ev, TH_FIN | TH_RST, TH_FIN, skip);
	dev = cg_peek_field(cg, ev.skb, "sk_buff", "dev");
	net_skip(cg, IR_EQ, dev, 0, skip);
	net = cg_peek_field(cg, (struct place){SPACE_BTF, dev, 0}, "net_device", "nd_net.net");
	key = net_tuple_of_packet(cg, &ev, net);
	saved = map_call(cg, BPF_FUNC_map_lookup_elem, finishing(cg), key);
	net_skip(cg, IR_EQ, saved, 0, skip);
	ev.packet = false;
	ev.socket = ev.saved = true;
	ev.at = (struct place){SPACE_MAP, saved, 0};
	ev.state = cg_const(cg, KTCP_TIME_WAIT);
	ev.last = cg_const(cg, KTCP_FIN_WAIT2);
	cg_clauses(cg);
	map_call(cg, BPF_FUNC_map_delete_elem, finishing(cg), key);
	ir_place(cg->ir, skip);
}

/* --- the tables --- */

static void tcp_arg(struct codegen *cg, const struct probe *p, int i, struct value *out)
{
	(void)p;
	if (i == 1 || i == 3 || i == 5)
		native_socket(out);
	else
		native_packet(cg, out);
}

/* clang-format off */
static const struct probe_arg tcp_args[] = {
	{ "struct net_packet *", "pktinfo_t *" }, { "struct net_socket *", "csinfo_t *" },
	{ "struct net_packet *", "ipinfo_t *" },  { "struct net_socket *", "tcpsinfo_t *" },
	{ "struct net_packet *", "tcpinfo_t *" }, { "struct net_socket *", "tcplsinfo_t *" },
};

#define FIRES(name, ...) static const struct fire name##_fires[] = { __VA_ARGS__, { 0 } }

FIRES(accept_established, { &hook_ingress, fire_note_handshake, .note = "handshake" },
      { &hook_set_state, fire_accept_established, .once = true });
FIRES(accept_refused, { &hook_dev_queue, fire_accept_refused });
FIRES(connect_established, { &hook_ingress, fire_note_handshake, .note = "handshake" },
      { &hook_set_state, fire_connect_established, .once = true });
FIRES(connect_refused, { &hook_ingress, fire_connect_refused });
FIRES(connect_request, { &hook_egress, fire_connect_request });
FIRES(receive, { &hook_ingress, fire_receive }, { &hook_kfree_skb, fire_receive_unconnected });
FIRES(send, { &hook_egress, fire_send }, { &hook_dev_queue, fire_send_control });
FIRES(state_change, { &hook_egress, fire_syn_sent }, { &hook_set_state, fire_state_change },
      { &hook_kfree_skb, fire_last_fin, .once = true });

static const struct probe_row tcp_rows[] = {
	{ "accept-established", ROLE_EVENT, tcp_args, 5, accept_established_fires },
	{ "accept-refused", ROLE_EVENT, tcp_args, 5, accept_refused_fires },
	{ "connect-established", ROLE_EVENT, tcp_args, 5, connect_established_fires },
	{ "connect-refused", ROLE_EVENT, tcp_args, 5, connect_refused_fires },
	{ "connect-request", ROLE_EVENT, tcp_args, 5, connect_request_fires },
	{ "receive", ROLE_EVENT, tcp_args, 5, receive_fires },
	{ "send", ROLE_EVENT, tcp_args, 5, send_fires },
	{ "state-change", ROLE_EVENT, tcp_args, 6, state_change_fires },
	{ 0 },
};

const struct provider provider_tcp = { .name = "tcp", .library = "tcp.d", .rows = tcp_rows, .arg = tcp_arg };
/* clang-format on */
