/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The members of struct net_packet and struct net_socket (dlib/net.d), got from
 * the event at hand.
 */
#include "provider/native.h"

#include <stddef.h>
#include <string.h>

#include "provider/net.h"

/* Memory to point at where there is nothing: never read, since the pointer is NULL. */
static struct place nowhere(struct codegen *cg)
{
	return (struct place){SPACE_STACK, ir_stack(cg->ir, 40), 0};
}

static void header_pointer(struct codegen *cg, struct value *out, struct place at, int version)
{
	struct net_event *ev = net_event(cg);

	*out = (struct value){.kind = VALUE_POINTER, .reg = -1, .at = at};
	if (!ev->packet) {
		out->nonnull = NONNULL_NEVER;
		out->at = nowhere(cg);
	} else if (version) {
		out->nonnull = NONNULL_EQUAL;
		out->null_reg = ev->version;
		out->null_eq = version;
	} else {
		out->nonnull = NONNULL_ALWAYS;
	}
}

static void packet_ip4(struct codegen *cg, struct value *out)
{
	header_pointer(cg, out, net_event(cg)->ip, 4);
}

static void packet_ip6(struct codegen *cg, struct value *out)
{
	header_pointer(cg, out, net_event(cg)->ip, 6);
}

static void packet_l4(struct codegen *cg, struct value *out)
{
	header_pointer(cg, out, net_event(cg)->l4, 0);
}

static void packet_version(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);

	cg_value_int(out, ev->packet ? ev->version : cg_const(cg, 0));
}

static void packet_length(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);

	if (!ev->packet)
		cg_value_int(out, cg_const(cg, 0));
	else if (ev->length >= 0)
		cg_value_int(out, ev->length);
	else
		cg_value_int(out, cg_peek_field(cg, ev->skb, "sk_buff", "len"));
}

static void packet_skb(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);

	if (!ev->packet) {
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	if (ev->skb.space == SPACE_MAP) { /* a copy: the buffer is known by its address alone */
		cg_value_int(out,
			     cg_peek(cg,
				     cg_place_at(ev->skb, offsetof(struct net_packet_copy, skb)),
				     8));
		return;
	}
	cg_value_int(out, cg_number_of(cg, ev->skb));
}

static void packet_dev(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);
	int reg;

	if (!ev->packet) {
		cg_value_pointer(out, SPACE_KERNEL, cg_const(cg, 0), true);
		out->nonnull = NONNULL_NEVER;
		return;
	}
	if (ev->skb.space == SPACE_MAP) {
		reg = cg_peek(cg, cg_place_at(ev->skb, offsetof(struct net_packet_copy, dev)), 8);
		cg_value_pointer(out, SPACE_KERNEL, reg, true);
		return;
	}
	reg = cg_peek_field(cg, ev->skb, "sk_buff", "dev");
	cg_value_pointer(out, ev->skb.space, reg, true);
}

/* The address of a header in the buffer, which notes where it begins from its head on. */
static void header_address(struct codegen *cg, const char *offset, struct value *out)
{
	struct net_event *ev = net_event(cg);
	int reg = ir_reg(cg->ir);

	if (!ev->packet || ev->skb.space == SPACE_MAP) {
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	ir_alu(cg->ir, IR_ADD, reg, cg_peek_field(cg, ev->skb, "sk_buff", "head"),
	       cg_peek_field(cg, ev->skb, "sk_buff", offset));
	cg_value_int(out, reg);
}

static void packet_header(struct codegen *cg, struct value *out)
{
	header_address(cg, "network_header", out);
}

static void packet_transport(struct codegen *cg, struct value *out)
{
	header_address(cg, "transport_header", out);
}

/* clang-format off */
static const struct native_member packet_members[] = {
	{ "skb", packet_skb },	     { "version", packet_version }, { "length", packet_length },
	{ "header", packet_header }, { "transport", packet_transport }, { "ip4", packet_ip4 },
	{ "ip6", packet_ip6 },	     { "tcp", packet_l4 },	    { "udp", packet_l4 },
	{ "dev", packet_dev },	     { NULL },
};
/* clang-format on */

/* --- sockets --- */

static void socket_pointer(struct value *out, struct place at, bool known)
{
	cg_value_pointer(out, at.space, at.base, false);
	if (!known)
		out->nonnull = NONNULL_NEVER;
}

static void socket_sk(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);

	if (!ev->socket || ev->saved)
		socket_pointer(out, (struct place){SPACE_KERNEL, cg_const(cg, 0), 0}, false);
	else
		socket_pointer(out, net_sk(cg, ev), true);
	if (ev->socket && ev->cookie == COOKIE_MAYBE) {
		out->nonnull = NONNULL_REG;
		out->null_reg = ev->sk_or_null;
	}
}

static void socket_tp(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);

	if (!ev->socket || !ev->full)
		socket_pointer(out, (struct place){SPACE_KERNEL, cg_const(cg, 0), 0}, false);
	else
		socket_pointer(out, ev->tp, true);
}

/* Read only: where the helper cannot be called, what another hook made is there. */
static int cookie_field(struct codegen *cg, struct net_event *ev)
{
	return cg_peek_field(cg, ev->sk, "sock", "__sk_common.skc_cookie");
}

static int cookie_maybe(struct codegen *cg, struct net_event *ev)
{
	int reg = ir_reg(cg->ir), none = ir_label(cg->ir);
	size_t mark = cg_scope(cg);

	cg->wants_cookie = true;
	ir_const(cg->ir, reg, 0);
	ir_branchi(cg->ir, IR_EQ, ev->sk_or_null, 0, none);
	ir_mov(cg->ir, reg, cookie_field(cg, ev));
	cg_scope_end(cg, mark);
	ir_place(cg->ir, none);
	return reg;
}

static void socket_cookie(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);
	int reg = cg_cached_call(cg, socket_cookie);

	if (reg >= 0) {
		cg_value_int(out, reg);
		return;
	}
	reg = ir_reg(cg->ir);
	if (ev->saved)
		reg = cg_peek(cg, cg_place_at(ev->at, offsetof(struct net_saved, cookie)), 8);
	else if (!ev->socket || ev->cookie == COOKIE_NONE)
		ir_const(cg->ir, reg, 0);
	else if (ev->cookie == COOKIE_CTX)
		IR_CALL(cg->ir, reg, BPF_FUNC_get_socket_cookie, cg->ctx);
	else if (ev->cookie == COOKIE_HELPER)
		IR_CALL(cg->ir, reg, BPF_FUNC_get_socket_cookie, ev->sk.base);
	else if (ev->cookie == COOKIE_MAYBE)
		reg = cookie_maybe(cg, ev);
	else
		reg = cookie_field(cg, ev);
	cg_cache_call(cg, socket_cookie, reg);
	cg_value_int(out, reg);
}

static void socket_address_of(struct codegen *cg, bool local, struct value *out)
{
	static const char tags[2][3];
	struct net_event *ev = net_event(cg);

	if (!ev->socket || ev->cookie == COOKIE_MAYBE) {
		cg_string_literal(cg, "<unknown>", out);
		cg_string_convert(cg, out, (struct strrep){REP_ADDR, 48});
		return;
	}
	*out = (struct value){.kind = VALUE_STRING, .rep = {REP_ADDR, 48}, .literal = -1};
	if (cg_cached_call(cg, &tags[local][2]) >= 0) {
		for (int i = 0; i < 3; i++)
			out->word[i] = cg_cached_call(cg, &tags[local][i]);
		return;
	}
	net_sock_address(cg, ev, local, out->word);
	for (int i = 0; i < 3; i++)
		cg_cache_call(cg, &tags[local][i], out->word[i]);
}

static void socket_laddr(struct codegen *cg, struct value *out)
{
	socket_address_of(cg, true, out);
}

static void socket_raddr(struct codegen *cg, struct value *out)
{
	socket_address_of(cg, false, out);
}

static void socket_port(struct codegen *cg, bool local, struct value *out)
{
	struct net_event *ev = net_event(cg);
	int port;

	if (!ev->socket || ev->cookie == COOKIE_MAYBE)
		port = cg_const(cg, 0);
	else
		net_sock_port(cg, ev, local, &port);
	cg_value_int(out, port);
}

static void socket_lport(struct codegen *cg, struct value *out)
{
	socket_port(cg, true, out);
}

static void socket_rport(struct codegen *cg, struct value *out)
{
	socket_port(cg, false, out);
}

/* One nibble for each of the kernel's states: FreeBSD's number. */
#define STATE_MAP 0x371850a963240ull

static int state_number(struct codegen *cg, int kernel)
{
	int shift = ir_reg(cg->ir), map = cg_const(cg, STATE_MAP), out = ir_reg(cg->ir);

	ir_alui(cg->ir, IR_SHL, shift, kernel, 2);
	ir_alu(cg->ir, IR_SHR, out, map, shift);
	ir_alui(cg->ir, IR_AND, out, out, 0xf);
	return out;
}

static void state_value(struct codegen *cg, int kernel, const void *tag, struct value *out)
{
	int reg = cg_cached_call(cg, tag);

	if (reg < 0) {
		reg = kernel < 0 ? cg_const(cg, 0) : state_number(cg, kernel);
		cg_cache_call(cg, tag, reg);
	}
	cg_value_int(out, reg);
}

static void socket_state(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);
	int kernel = ev->state;

	if (kernel < 0 && ev->socket && ev->full)
		kernel = cg_peek_field(cg, ev->sk, "sock", "__sk_common.skc_state");
	state_value(cg, kernel, socket_state, out);
}

static void socket_last(struct codegen *cg, struct value *out)
{
	state_value(cg, net_event(cg)->last, socket_last, out);
}

/* What TCP expects next; of a segment received: what it expected (see tcp_next.c). */
static void socket_rnxt(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);

	if (!ev->socket || !ev->full) {
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	cg->wants_rnxt = true;
	cg_value_int(out, ev->rnxt ? ev->rnxt : cg_peek_field(cg, ev->tp, "tcp_sock", "rcv_nxt"));
}

/* A segment on its way out that begins before what was sent already: RFC 9293, SND.NXT. */
static void socket_retransmit(struct codegen *cg, struct value *out)
{
	struct net_event *ev = net_event(cg);
	int diff, reg;

	if (!ev->sending || !ev->full || !ev->packet) {
		cg_value_int(out, cg_const(cg, 0));
		return;
	}
	diff = ir_reg(cg->ir);
	reg = ir_reg(cg->ir);
	ir_alu(cg->ir, IR_SUB, diff, net_tcp_seq(cg, ev),
	       cg_peek_field(cg, ev->tp, "tcp_sock", "snd_nxt"));
	ir_alui(cg->ir, IR_SHR, reg, diff, 31);
	ir_alui(cg->ir, IR_AND, reg, reg, 1);
	cg_value_int(out, reg);
}

/* clang-format off */
static const struct native_member socket_members[] = {
	{ "sk", socket_sk },
	{ "tp", socket_tp },
	{ "cookie", socket_cookie },
	{ "laddr", socket_laddr, REP_ADDR },
	{ "raddr", socket_raddr, REP_ADDR },
	{ "lport", socket_lport },
	{ "rport", socket_rport },
	{ "state", socket_state },
	{ "last", socket_last },
	{ "rnxt", socket_rnxt },
	{ "retransmit", socket_retransmit },
	{ NULL },
};
/* clang-format on */

static const struct native natives[] = {
	{"net_packet", packet_members},
	{"net_socket", socket_members},
};

const struct native *native_find(const char *tag)
{
	for (size_t i = 0; i < sizeof(natives) / sizeof(natives[0]); i++)
		if (!strcmp(natives[i].tag, tag))
			return &natives[i];
	return NULL;
}

/* dlib/net.d declares exactly these members, so one that the checker let pass is there. */
const struct native_member *native_member(const struct native *n, const char *name)
{
	const struct native_member *m = n->members;

	while (m->name && strcmp(m->name, name))
		m++;
	return m->name ? m : NULL;
}

static void object(struct value *out, const char *tag, bool there)
{
	*out = (struct value){
		.kind = VALUE_OBJECT,
		.native = native_find(tag),
		.nonnull = there ? NONNULL_ALWAYS : NONNULL_NEVER,
	};
}

void native_packet(struct codegen *cg, struct value *out)
{
	object(out, "net_packet", net_event(cg)->packet);
}

void native_socket(struct value *out)
{
	/* Without a socket too: its members say so themselves. */
	object(out, "net_socket", true);
}
