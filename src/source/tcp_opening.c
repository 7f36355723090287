/* SPDX-License-Identifier: BSD-2-Clause */
#include "source/tcp_opening.h"

#include <stddef.h>

/* The program's packet, by its context. */
static int context_skb_field(struct emit *e, const char *path)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, emit_ctx(e), 0}, "sk_buff", path);
}

static void load(struct emit *e, int offset, int stack, int to, unsigned n)
{
	IR_CALL(e->ir, -1, BPF_FUNC_skb_load_bytes, emit_ctx(e), offset,
		emit_address(e, (struct place){SPACE_STACK, stack, to}), emit_const(e, n));
}

/* Exchanges two neighbours of so many bytes. */
static void swap(struct emit *e, int stack, int at, unsigned n)
{
	for (unsigned done = 0; done < n;) {
		unsigned size = n - done > 8 ? 8 : n - done;
		int a = ir_reg(e->ir), b = ir_reg(e->ir);

		ir_stack_load(e->ir, a, stack, at + done, size);
		ir_stack_load(e->ir, b, stack, at + n + done, size);
		ir_stack_store(e->ir, stack, at + done, b, size);
		ir_stack_store(e->ir, stack, at + n + done, a, size);
		done += size;
	}
}

/* found = the socket that a segment from the other end finds; addresses of so many bytes */
static void look_up(struct emit *e, const struct tcp_socket *t, int found, int transport,
		    unsigned offset, unsigned bytes)
{
	int tuple = ir_stack(e->ir, 40);
	struct place at = {SPACE_STACK, tuple, 0};

	emit_zero(e, at, 40); /* struct bpf_sock_tuple, in words */
	load(e, emit_const(e, offset), tuple, 0, 2 * bytes);
	load(e, transport, tuple, 2 * bytes, 4);
	if (t->sending) {
		swap(e, tuple, 0, bytes);
		swap(e, tuple, 2 * bytes, 2);
	}
	IR_CALL(e->ir, found, BPF_FUNC_skc_lookup_tcp, emit_ctx(e), emit_address(e, at),
		emit_const(e, 2 * bytes + 4), emit_const(e, BPF_F_CURRENT_NETNS), emit_const(e, 0));
}

/*
 * request = that of the socket found; a Fast Open child keeps its own.  Its
 * address, as a number: it lives as long as the hook runs.
 */
static void request_of(struct emit *e, int found, int request)
{
	int reg = ir_reg(e->ir), tp = ir_reg(e->ir), child = ir_label(e->ir), ok = ir_label(e->ir);

	IR_CALL(e->ir, reg, BPF_FUNC_skc_to_tcp_request_sock, found);
	ir_branchi(e->ir, IR_EQ, reg, 0, child);
	ir_mov(e->ir, request, emit_number_of(e, (struct place){SPACE_BTF, reg, 0}));
	ir_jump(e->ir, ok);
	ir_place(e->ir, child);
	IR_CALL(e->ir, tp, BPF_FUNC_skc_to_tcp_sock, found);
	ir_branchi(e->ir, IR_EQ, tp, 0, ok);
	ir_mov(e->ir, request,
	       emit_peek_field(e, (struct place){SPACE_KERNEL, tp, 0}, "tcp_sock", "fastopen_rsk"));
	ir_place(e->ir, ok);
	IR_CALL(e->ir, -1, BPF_FUNC_sk_release, found);
}

static int transport_offset(struct emit *e)
{
	int reg = ir_reg(e->ir);

	ir_alu(e->ir, IR_SUB, reg, context_skb_field(e, "transport_header"),
	       context_skb_field(e, "network_header"));
	return reg;
}

static int number_at(struct emit *e, int stack, int off)
{
	int reg = ir_reg(e->ir);

	ir_stack_load(e->ir, reg, stack, off, 4);
	ir_swap(e->ir, reg, reg, 4);
	return reg;
}

/* The header is read apart from what clauses read of it: of a few segments alone. */
void tcp_opening_numbers(struct emit *e, struct opening_numbers *n)
{
	int header = ir_stack(e->ir, 16);

	emit_zero(e, (struct place){SPACE_STACK, header, 0}, 16);
	load(e, transport_offset(e), header, 0, 16);
	n->seq = number_at(e, header, 4);
	n->ack = number_at(e, header, 8);
	n->flag = ir_reg(e->ir);
	ir_stack_load(e->ir, n->flag, header, 13, 1);
	ir_alui(e->ir, IR_AND, n->flag, n->flag, TH_ACK);
}

#define PROTOCOL_IP 0x0008 /* ETH_P_IP as a little-endian machine loads it */

int tcp_opening(struct emit *e, const struct tcp_socket *t)
{
	static const char tag[] = "opening";
	int request = emit_cached(e, tag), found, protocol, transport, v6, known, done;
	size_t mark;

	if (request >= 0)
		return request;
	request = ir_reg(e->ir);
	ir_const(e->ir, request, 0);
	if (t->from == TCP_FROM_CONTEXT) {
		found = ir_reg(e->ir), protocol = ir_reg(e->ir);
		v6 = ir_label(e->ir), known = ir_label(e->ir), done = ir_label(e->ir);
		mark = emit_scope(e);
		ir_branchi(e->ir, IR_NE, sock_field(e, t->sk, "__sk_common.skc_state"), KTCP_LISTEN,
			   done);
		transport = transport_offset(e);
		ir_load(e->ir, protocol, emit_ctx(e), offsetof(struct __sk_buff, protocol), 4);
		ir_branchi(e->ir, IR_NE, protocol, PROTOCOL_IP, v6);
		look_up(e, t, found, transport, 12, 4);
		ir_jump(e->ir, known);
		ir_place(e->ir, v6);
		look_up(e, t, found, transport, 8, 16);
		ir_place(e->ir, known);
		ir_branchi(e->ir, IR_EQ, found, 0, done);
		request_of(e, found, request);
		ir_place(e->ir, done);
		emit_scope_end(e, mark);
	}
	emit_cache(e, tag, request);
	return request;
}

int tcp_opening_field(struct emit *e, int request, const char *path)
{
	return emit_peek_field(e, (struct place){SPACE_KERNEL, request, 0}, "tcp_request_sock",
			       path);
}

/* The request notes when the first one was sent, in microseconds; the buffer, in nanoseconds. */
int tcp_synack_repeated(struct emit *e, int request, const struct skb_packet *s)
{
	int first = tcp_opening_field(e, request, "snt_synack"), reg = ir_reg(e->ir),
	    sent = ir_reg(e->ir), done = ir_label(e->ir);

	ir_alui(e->ir, IR_UDIV, sent, skb_field(e, s, "tstamp"), 1000);
	ir_const(e->ir, reg, 0);
	ir_branch(e->ir, IR_EQ, first, sent, done);
	ir_const(e->ir, reg, 1);
	ir_place(e->ir, done);
	return reg;
}

/*
 * What takes up sequence numbers, none of which is new: RFC 9293, SND.NXT, which
 * moves on behind the first transmission.  Keepalives and window probes take up
 * none.  The first SYN,ACK of a simultaneous open repeats a number, but not a
 * segment: the SYN's timer runs then, and has just run out when it is repeated.
 */
static void full_socket(struct emit *e, const struct tcp_socket *t, const struct skb_packet *s,
			int again, int done)
{
	int seq = packet_tcp_seq(e, &s->p), end = packet_tcp_end(e, &s->p, seq),
	    ahead = ir_reg(e->ir), flags = ir_reg(e->ir), synack = ir_label(e->ir);

	ir_branch(e->ir, IR_EQ, seq, end, done);
	ir_alu(e->ir, IR_SUB, ahead, tcp_socket_field(e, t, "snd_nxt"), end);
	ir_alui(e->ir, IR_SHR, ahead, ahead, 31);
	ir_alui(e->ir, IR_AND, ahead, ahead, 1);
	ir_branchi(e->ir, IR_NE, ahead, 0, done);
	ir_alui(e->ir, IR_AND, flags, packet_tcp_flags(e, &s->p), TH_SYN | TH_ACK);
	ir_branchi(e->ir, IR_NE, flags, TH_SYN | TH_ACK, synack);
	ir_branchi(e->ir, IR_NE, tcp_socket_field(e, t, "inet_conn.icsk_pending"), 0, done);
	ir_place(e->ir, synack);
	ir_const(e->ir, again, 1);
}

int tcp_retransmitted(struct emit *e, const struct tcp_socket *t, const struct skb_packet *s)
{
	int again = ir_reg(e->ir), listener = ir_label(e->ir), done = ir_label(e->ir), request;
	size_t mark = emit_scope(e), part;

	ir_const(e->ir, again, 0);
	ir_branchi(e->ir, IR_EQ, sock_field(e, t->sk, "__sk_common.skc_state"), KTCP_LISTEN,
		   listener);
	part = emit_scope(e);
	full_socket(e, t, s, again, done);
	ir_jump(e->ir, done);
	emit_scope_end(e, part);
	ir_place(e->ir, listener);
	request = tcp_opening(e, t);
	ir_branchi(e->ir, IR_EQ, request, 0, done);
	ir_mov(e->ir, again, tcp_synack_repeated(e, request, s));
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return again;
}
