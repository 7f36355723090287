/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hooks of the network providers and how to read packets and sockets there.
 *
 *	cgroup_skb ingress/egress, root of cgroup v2: each segment and datagram of
 *	each namespace, with its socket; headers by bpf_skb_load_bytes()
 *	net_dev_queue, netif_receive_skb: each packet to and from a device
 *	inet_sock_set_state: state changes with the socket
 *	kfree_skb: segments that TCP took in without a full socket
 */
#include "provider/net.h"

#include <stddef.h>

#define CGROUP(id, label, at)                                                                      \
	const struct hook id = {.name = label,                                                     \
				.prog_type = BPF_PROG_TYPE_CGROUP_SKB,                             \
				.attach_type = at,                                                 \
				.attach = ATTACH_CGROUP,                                           \
				.pass = 1}
#define TRACEPOINT(id, tp)                                                                         \
	const struct hook id = {.name = "tp_btf/" tp,                                              \
				.prog_type = BPF_PROG_TYPE_TRACING,                                \
				.attach_type = BPF_TRACE_RAW_TP,                                   \
				.attach = ATTACH_TP_BTF,                                           \
				.target = tp}

CGROUP(hook_egress, "cgroup_skb/egress", BPF_CGROUP_INET_EGRESS);
CGROUP(hook_ingress, "cgroup_skb/ingress", BPF_CGROUP_INET_INGRESS);
TRACEPOINT(hook_dev_queue, "net_dev_queue");
TRACEPOINT(hook_receive_skb, "netif_receive_skb");
TRACEPOINT(hook_set_state, "inet_sock_set_state");
TRACEPOINT(hook_kfree_skb, "kfree_skb");

struct net_event *net_event(struct codegen *cg)
{
	return cg->event;
}

int net_tp_arg(struct codegen *cg, int i)
{
	static const char tags[8];
	int reg = cg_cached_call(cg, &tags[i]);

	if (reg >= 0)
		return reg;
	reg = ir_reg(cg->ir);
	ir_load(cg->ir, reg, cg->ctx, i * 8, 8);
	cg_cache_call(cg, &tags[i], reg);
	return reg;
}

struct place net_sk(struct codegen *cg, const struct net_event *ev)
{
	if (!ev->sk_in_skb)
		return ev->sk;
	return (struct place){SPACE_KERNEL, cg_peek_field(cg, ev->skb, "sk_buff", "sk"), 0};
}

void net_skip(struct codegen *cg, enum ir_cond cond, int reg, int64_t imm, int skip)
{
	cg_branch_point(cg);
	ir_branchi(cg->ir, cond, reg, imm, skip);
}

/* ETH_P_IP and ETH_P_IPV6 as a little-endian machine loads them. */
#define PROTOCOL_IP 0x0008
#define PROTOCOL_IPV6 0xdd86

void net_version(struct codegen *cg, struct net_event *ev, int protocol, int skip)
{
	int done = ir_label(cg->ir);

	cg_branch_point(cg);
	ev->version = ir_reg(cg->ir);
	ir_const(cg->ir, ev->version, 4);
	ir_branchi(cg->ir, IR_EQ, protocol, PROTOCOL_IP, done);
	ir_const(cg->ir, ev->version, 6);
	ir_branchi(cg->ir, IR_NE, protocol, PROTOCOL_IPV6, skip);
	ir_place(cg->ir, done);
	ev->packet = true;
}

/* How much to read: what the fire function needs itself, and what the first pass saw the clauses
 * read. */
static unsigned want(unsigned own, uint32_t seen, unsigned max)
{
	unsigned n = own > seen ? own : seen;

	n = (n + 3) & ~3u;
	return n > max ? max : n;
}

static void header_objects(struct codegen *cg, struct net_event *ev)
{
	ev->ip = (struct place){SPACE_STACK, cg->header_obj = ir_stack(cg->ir, 40), 0};
	ev->l4 = (struct place){SPACE_STACK, cg->l4_obj = ir_stack(cg->ir, 24), 0};
}

/* Bytes of the IP header: v4 by its length field; v6 counts no extension headers (see ext). */
static int ip_header_bytes(struct codegen *cg, struct net_event *ev)
{
	int n = ir_reg(cg->ir), done = ir_label(cg->ir), byte = ir_reg(cg->ir);

	ir_const(cg->ir, n, 40);
	ir_branchi(cg->ir, IR_EQ, ev->version, 6, done);
	ir_stack_load(cg->ir, byte, ev->ip.base, 0, 1);
	ir_alui(cg->ir, IR_AND, byte, byte, 0xf);
	ir_alui(cg->ir, IR_SHL, n, byte, 2);
	ir_place(cg->ir, done);
	return n;
}

/*
 * Where TCP or UDP begins. A v6 packet with extension headers has another next
 * header: then the stack's own note says where (it has parsed them).
 */
static int l4_offset(struct codegen *cg, struct net_event *ev)
{
	int n = ip_header_bytes(cg, ev), done = ir_label(cg->ir), next = ir_reg(cg->ir),
	    off = ir_reg(cg->ir);
	size_t mark = cg_scope(cg);
	int transport, network;

	ir_mov(cg->ir, off, n);
	ir_branchi(cg->ir, IR_EQ, ev->version, 4, done);
	ir_stack_load(cg->ir, next, ev->ip.base, 6, 1);
	ir_branchi(cg->ir, IR_EQ, next, 6, done);
	ir_branchi(cg->ir, IR_EQ, next, 17, done);
	transport = cg_peek_field(cg, ev->skb, "sk_buff", "transport_header");
	network = cg_peek_field(cg, ev->skb, "sk_buff", "network_header");
	ir_alu(cg->ir, IR_SUB, off, transport, network);
	ir_alui(cg->ir, IR_AND, off, off, 0xffff);
	ir_place(cg->ir, done);
	cg_scope_end(cg, mark);
	return off;
}

void net_headers_at(struct codegen *cg, struct net_event *ev, int base, unsigned ip_bytes,
		    unsigned l4_bytes)
{
	unsigned l4 = want(l4_bytes, cg->l4_bytes, 24);
	unsigned ip = want(l4 && ip_bytes < 8 ? 8 : ip_bytes, cg->header_bytes, 40);

	header_objects(cg, ev);
	if (ip)
		IR_CALL(cg->ir, -1, BPF_FUNC_probe_read_kernel, cg_address(cg, ev->ip),
			cg_const(cg, ip), base);
	if (l4) {
		int from = ir_reg(cg->ir);

		ir_alu(cg->ir, IR_ADD, from, base, l4_offset(cg, ev));
		IR_CALL(cg->ir, -1, BPF_FUNC_probe_read_kernel, cg_address(cg, ev->l4),
			cg_const(cg, l4), from);
	}
}

void net_headers_cgroup(struct codegen *cg, struct net_event *ev, unsigned ip_bytes,
			unsigned l4_bytes, int skip)
{
	unsigned l4 = want(l4_bytes, cg->l4_bytes, 24);
	unsigned ip = want(l4 && ip_bytes < 8 ? 8 : ip_bytes, cg->header_bytes, 40);
	int ret = ir_reg(cg->ir);

	header_objects(cg, ev);
	if (l4 > 20)
		l4 = 20;
	/* A v4 packet may be shorter than a v6 header: 28 bytes are the least that UDP over v4 has.
	 */
	if (ip > 28) {
		int done = ir_label(cg->ir), short_ = ir_label(cg->ir);

		ir_branchi(cg->ir, IR_EQ, ev->version, 4, short_);
		IR_CALL(cg->ir, ret, BPF_FUNC_skb_load_bytes, cg->ctx, cg_const(cg, 0),
			cg_address(cg, ev->ip), cg_const(cg, ip));
		ir_jump(cg->ir, done);
		ir_place(cg->ir, short_);
		for (int i = 0; i < 40; i += 8)
			ir_stack_storei(cg->ir, ev->ip.base, i, 0, 8);
		IR_CALL(cg->ir, ret, BPF_FUNC_skb_load_bytes, cg->ctx, cg_const(cg, 0),
			cg_address(cg, ev->ip), cg_const(cg, 20));
		ir_place(cg->ir, done);
		net_skip(cg, IR_SLT, ret, 0, skip);
	} else if (ip) {
		IR_CALL(cg->ir, ret, BPF_FUNC_skb_load_bytes, cg->ctx, cg_const(cg, 0),
			cg_address(cg, ev->ip), cg_const(cg, ip));
		net_skip(cg, IR_SLT, ret, 0, skip);
	}
	if (l4) {
		ev->l4_offset = l4_offset(cg, ev);
		IR_CALL(cg->ir, ret, BPF_FUNC_skb_load_bytes, cg->ctx, ev->l4_offset,
			cg_address(cg, ev->l4), cg_const(cg, l4));
		net_skip(cg, IR_SLT, ret, 0, skip);
	}
}

/* if (!(states >> sk->state & 1)) goto skip; the one test that needs no call, so it comes first */
static void skip_states(struct codegen *cg, int sk, unsigned states, int skip)
{
	int state = ir_reg(cg->ir), bit;

	ir_load(cg->ir, state, sk, offsetof(struct bpf_sock, state), 4);
	if (!(states & (states - 1))) {
		net_skip(cg, IR_NE, state, __builtin_ctz(states), skip);
		return;
	}
	bit = ir_reg(cg->ir);
	ir_alu(cg->ir, IR_SHR, bit, cg_const(cg, states), state);
	ir_alui(cg->ir, IR_AND, bit, bit, 1);
	net_skip(cg, IR_EQ, bit, 0, skip);
}

void net_cgroup_socket(struct codegen *cg, struct net_event *ev, int type, int protocol,
		       unsigned states, int skip)
{
	int sk = ir_reg(cg->ir), full = ir_reg(cg->ir), field = ir_reg(cg->ir), tp;

	ir_load(cg->ir, sk, cg->ctx, offsetof(struct __sk_buff, sk), 8);
	net_skip(cg, IR_EQ, sk, 0, skip);
	if (states)
		skip_states(cg, sk, states, skip);
	IR_CALL(cg->ir, full, BPF_FUNC_sk_fullsock, sk);
	net_skip(cg, IR_EQ, full, 0, skip);
	ir_load(cg->ir, field, full, offsetof(struct bpf_sock, protocol), 4);
	net_skip(cg, IR_NE, field, protocol, skip);
	/* The kernel's control sockets for resets are raw ones: see the complement in tcp.c. */
	ir_load(cg->ir, field, full, offsetof(struct bpf_sock, type), 4);
	net_skip(cg, IR_NE, field, type, skip);
	ev->skb = (struct place){SPACE_KERNEL, cg->ctx, 0};
	ev->socket = true;
	ev->cookie = COOKIE_CTX;
	ev->state = ev->last = ev->length = -1;
	if (protocol == 6) {
		tp = ir_reg(cg->ir);
		IR_CALL(cg->ir, tp, BPF_FUNC_skc_to_tcp_sock, sk);
		net_skip(cg, IR_EQ, tp, 0, skip);
		ev->tp = ev->sk = (struct place){SPACE_BTF, tp, 0};
		ev->full = true;
	} else {
		/* what the helper gave is a view of the socket, not struct sock */
		ev->sk_in_skb = true;
	}
}

/* In memory that the verifier knows as struct tcp_sock, struct sock lies at the start. */
static int sock_field(struct codegen *cg, const struct net_event *ev, const char *path)
{
	return cg_peek_field(cg, net_sk(cg, ev), "sock", path);
}

void net_sock_port(struct codegen *cg, const struct net_event *ev, bool local, int *port)
{
	int be;

	if (ev->saved) {
		*port = cg_peek(cg,
				cg_place_at(ev->at, local ? offsetof(struct net_saved, lport)
							  : offsetof(struct net_saved, rport)),
				2);
		return;
	}
	if (local && !ev->full) {
		*port = sock_field(cg, ev, "__sk_common.skc_num");
		return;
	}
	/* skc_num is 0 again when the tracepoint tells of TCP_CLOSE; inet_sport stays */
	be = local ? cg_peek_field(cg, ev->tp, "tcp_sock", "inet_conn.icsk_inet.inet_sport")
		   : sock_field(cg, ev, "__sk_common.skc_dport");
	*port = ir_reg(cg->ir);
	ir_swap(cg->ir, *port, be, 2);
}

static int words_of(struct codegen *cg, const struct net_event *ev, const char *path, int i)
{
	struct field f = cg_field(cg, "sock", path);

	return cg_peek(cg, cg_place_at(net_sk(cg, ev), f.bit_offset / 8 + i * 8), 8);
}

/* ::ffff:a.b.c.d in the second word of an address, little endian. */
#define MAPPED_PREFIX 0xffff0000

void net_sock_address(struct codegen *cg, const struct net_event *ev, bool local, int word[3])
{
	int v4 = ir_label(cg->ir), done = ir_label(cg->ir), t, d0, d1;
	size_t mark = cg_scope(cg);
	static const char *const v4_path[] = {"__sk_common.skc_daddr", "__sk_common.skc_rcv_saddr"};
	static const char *const v6_path[] = {"__sk_common.skc_v6_daddr",
					      "__sk_common.skc_v6_rcv_saddr"};

	if (ev->saved) {
		unsigned off = local ? offsetof(struct net_saved, local)
				     : offsetof(struct net_saved, remote);

		for (int i = 0; i < 3; i++)
			word[i] = cg_peek(cg, cg_place_at(ev->at, off + i * 8), 8);
		return;
	}
	for (int i = 0; i < 3; i++)
		word[i] = ir_reg(cg->ir);
	t = ir_reg(cg->ir);
	ir_branchi(cg->ir, IR_NE, sock_field(cg, ev, "__sk_common.skc_family"), 10, v4);

	/* a v6 socket whose remote end is a mapped v4 address carries v4 */
	int v6 = ir_label(cg->ir);

	d0 = words_of(cg, ev, v6_path[0], 0);
	d1 = words_of(cg, ev, v6_path[0], 1);
	ir_branchi(cg->ir, IR_NE, d0, 0, v6);
	ir_extend(cg->ir, t, d1, 4, false);
	ir_branchi(cg->ir, IR_EQ, t, MAPPED_PREFIX, v4);
	ir_place(cg->ir, v6);
	ir_mov(cg->ir, word[0], words_of(cg, ev, v6_path[local], 0));
	ir_mov(cg->ir, word[1], words_of(cg, ev, v6_path[local], 1));
	ir_const(cg->ir, word[2], 6);
	ir_jump(cg->ir, done);
	cg_scope_end(cg, mark);

	ir_place(cg->ir, v4);
	ir_mov(cg->ir, word[0], sock_field(cg, ev, v4_path[local]));
	ir_const(cg->ir, word[1], 0);
	ir_const(cg->ir, word[2], 4);
	ir_place(cg->ir, done);
	cg_scope_end(cg, mark);
}

static struct place tuple_store(struct codegen *cg, int net, const int *local, const int *remote,
				int lport, int rport)
{
	struct place to = {SPACE_STACK, ir_stack(cg->ir, sizeof(struct net_tuple)), 0};
	int ports = ir_reg(cg->ir);

	ir_alui(cg->ir, IR_SHL, ports, lport, 16);
	ir_alu(cg->ir, IR_OR, ports, ports, rport);
	ir_stack_store(cg->ir, to.base, offsetof(struct net_tuple, net), net, 8);
	for (int i = 0; i < 2; i++) {
		ir_stack_store(cg->ir, to.base, offsetof(struct net_tuple, local) + i * 8, local[i],
			       8);
		ir_stack_store(cg->ir, to.base, offsetof(struct net_tuple, remote) + i * 8,
			       remote[i], 8);
	}
	ir_stack_store(cg->ir, to.base, offsetof(struct net_tuple, ports), ports, 8);
	return to;
}

void net_sock_ends(struct codegen *cg, const struct net_event *ev, struct net_ends *ends)
{
	net_sock_address(cg, ev, true, ends->local);
	net_sock_address(cg, ev, false, ends->remote);
	net_sock_port(cg, ev, true, &ends->lport);
	net_sock_port(cg, ev, false, &ends->rport);
}

struct place net_tuple_of_sock(struct codegen *cg, const struct net_event *ev,
			       const struct net_ends *ends)
{
	return tuple_store(cg, sock_field(cg, ev, "__sk_common.skc_net.net"), ends->local,
			   ends->remote, ends->lport, ends->rport);
}

struct place net_tuple_of_packet(struct codegen *cg, const struct net_event *ev, int net)
{
	int local[2], remote[2], v6 = ir_label(cg->ir), done = ir_label(cg->ir), port[2];

	for (int i = 0; i < 2; i++) {
		local[i] = ir_reg(cg->ir);
		remote[i] = ir_reg(cg->ir);
	}
	ir_branchi(cg->ir, IR_EQ, ev->version, 6, v6);
	ir_stack_load(cg->ir, remote[0], ev->ip.base, 12, 4);
	ir_stack_load(cg->ir, local[0], ev->ip.base, 16, 4);
	ir_const(cg->ir, remote[1], 0);
	ir_const(cg->ir, local[1], 0);
	ir_jump(cg->ir, done);
	ir_place(cg->ir, v6);
	for (int i = 0; i < 2; i++) {
		ir_stack_load(cg->ir, remote[i], ev->ip.base, 8 + i * 8, 8);
		ir_stack_load(cg->ir, local[i], ev->ip.base, 24 + i * 8, 8);
	}
	ir_place(cg->ir, done);
	for (int i = 0; i < 2; i++) {
		port[i] = ir_reg(cg->ir);
		ir_stack_load(cg->ir, port[i], ev->l4.base, i * 2, 2);
		ir_swap(cg->ir, port[i], port[i], 2);
	}
	return tuple_store(cg, net, local, remote, port[1], port[0]);
}

int net_tcp_flags(struct codegen *cg, const struct net_event *ev)
{
	return cg_peek(cg, cg_place_at(ev->l4, 13), 1);
}

int net_tcp_seq(struct codegen *cg, const struct net_event *ev)
{
	int reg = ir_reg(cg->ir);

	ir_swap(cg->ir, reg, cg_peek(cg, cg_place_at(ev->l4, 4), 4), 4);
	return reg;
}
