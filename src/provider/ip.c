/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ip provider: packets as they enter and leave the IP layer.
 *
 *	receive	tp_btf/netif_receive_skb: what a device hands up, before any
 *		firewall or routing; not what is another host's, not bridged frames
 *	send	tp_btf/net_dev_queue: what is handed to a device, fragments one by one
 */
#include "provider/native.h"
#include "provider/net.h"
#include "provider/tables.h"

/*
 * The socket of a packet on its way out. The tracepoint's pointer to it is not
 * one that the cookie helper takes: fire_note_cookie() has made the cookie when
 * the segment passed the cgroup hook, here it is read.
 */
static void socket_of_skb(struct codegen *cg, struct net_event *ev)
{
	ev->sk_or_null = cg_peek_field(cg, ev->skb, "sk_buff", "sk");
	ev->sk = (struct place){ SPACE_BTF, ev->sk_or_null, 0 };
	ev->socket = true;
	ev->cookie = COOKIE_MAYBE;
}

static void fire_send(struct codegen *cg)
{
	struct net_event ev = { .state = -1, .last = -1, .length = -1, .sending = true };
	int skip = ir_label(cg->ir), foreign = ir_label(cg->ir), base = ir_reg(cg->ir), offset = ir_reg(cg->ir);
	size_t mark;

	ev.skb = (struct place){ SPACE_BTF, net_tp_arg(cg, 0), 0 };
	cg->event = &ev;
	net_version(cg, &ev, cg_peek_field(cg, ev.skb, "sk_buff", "protocol"), skip);

	/* if (skb->sk && skb->sk->family == AF_PACKET) not from the IP layer */
	socket_of_skb(cg, &ev);
	mark = cg_scope(cg);
	ir_branchi(cg->ir, IR_EQ, ev.sk_or_null, 0, foreign);
	net_skip(cg, IR_EQ, cg_peek_field(cg, ev.sk, "sock", "__sk_common.skc_family"), 17, skip);
	ir_place(cg->ir, foreign);
	cg_scope_end(cg, mark);

	ir_alu(cg->ir, IR_ADD, base, cg_peek_field(cg, ev.skb, "sk_buff", "head"),
	       cg_peek_field(cg, ev.skb, "sk_buff", "network_header"));
	ir_alu(cg->ir, IR_SUB, offset, base, cg_peek_field(cg, ev.skb, "sk_buff", "data"));
	ev.length = ir_reg(cg->ir);
	ir_alu(cg->ir, IR_SUB, ev.length, cg_peek_field(cg, ev.skb, "sk_buff", "len"), offset);
	net_headers_at(cg, &ev, base, 0, 0);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

#define PACKET_OTHERHOST 3

static void fire_receive(struct codegen *cg)
{
	struct net_event ev = { .state = -1, .last = -1, .length = -1 };
	int skip = ir_label(cg->ir), data, byte, dev;

	ev.skb = (struct place){ SPACE_BTF, net_tp_arg(cg, 0), 0 };
	cg->event = &ev;
	net_version(cg, &ev, cg_peek_field(cg, ev.skb, "sk_buff", "protocol"), skip);
	net_skip(cg, IR_EQ, cg_peek_field(cg, ev.skb, "sk_buff", "pkt_type"), PACKET_OTHERHOST, skip);
	/* A port of a bridge or bond: its master hands the packet up. */
	dev = cg_peek_field(cg, ev.skb, "sk_buff", "dev");
	net_skip(cg, IR_NE, cg_peek_field(cg, (struct place){ SPACE_BTF, dev, 0 }, "net_device", "rx_handler"), 0, skip);
	data = cg_peek_field(cg, ev.skb, "sk_buff", "data");
	net_headers_at(cg, &ev, data, 1, 0);
	/* The version the header itself gives, RFC 791 and 8200: IP drops what disagrees. */
	byte = ir_reg(cg->ir);
	ir_alui(cg->ir, IR_SHR, byte, cg_peek(cg, ev.ip, 1), 4);
	cg_branch_point(cg);
	ir_branch(cg->ir, IR_NE, byte, ev.version, skip);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

/* No event: gives each sending socket its cookie, if a clause asks for it. */
static void fire_note_cookie(struct codegen *cg)
{
	if (!cg->wants_cookie)
		return;
	cg->useful = true;
	IR_CALL(cg->ir, -1, BPF_FUNC_get_socket_cookie, cg->ctx);
}

static void ip_arg(struct codegen *cg, const struct probe *p, int i, struct value *out)
{
	struct net_event *ev = net_event(cg);

	(void)p;
	if (i == 1) {
		native_socket(out);
		return;
	}
	native_packet(cg, out);
	if (i == 4 || i == 5) { /* the header that does not apply is NULL */
		out->nonnull = NONNULL_EQUAL;
		out->null_reg = ev->version;
		out->null_eq = i == 4 ? 4 : 6;
	}
}

static const struct probe_arg ip_args[] = {
	{ "struct net_packet *", "pktinfo_t *" },  { "struct net_socket *", "csinfo_t *" },
	{ "struct net_packet *", "ipinfo_t *" },   { "struct net_packet *", "ifinfo_t *" },
	{ "struct net_packet *", "ipv4info_t *" }, { "struct net_packet *", "ipv6info_t *" },
};

static const struct fire receive_fires[] = { { &hook_receive_skb, fire_receive }, { 0 } };
static const struct fire send_fires[] = {
	{ &hook_dev_queue, fire_send },
	{ &hook_egress, fire_note_cookie, .note = "cookie" },
	{ 0 },
};

static const struct probe_row ip_rows[] = {
	{ "receive", ip_args, 6, receive_fires },
	{ "send", ip_args, 6, send_fires },
	{ 0 },
};

const struct provider provider_ip = { .name = "ip", .library = "ip.d", .rows = ip_rows, .arg = ip_arg };
