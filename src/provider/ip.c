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
	ev->sk = (struct place){SPACE_BTF, ev->sk_or_null, 0};
	ev->socket = true;
	ev->cookie = COOKIE_MAYBE;
}

static int64_t private_flag(struct codegen *cg, const char *name)
{
	struct type *t;
	int64_t v;

	/* a kernel built without such devices has them not */
	return types_enumerator(cg->script->types, name, &v, &t) ? v : 0;
}

#define IFF_SLAVE 0x800

/*
 * IP neither gets packets from nor gives any to a device that is a port of a
 * bridge, bond or team: the master has them before or after, and is counted.
 */
static void skip_ports(struct codegen *cg, struct place dev, int skip)
{
	int64_t mask = private_flag(cg, "IFF_BRIDGE_PORT") | private_flag(cg, "IFF_TEAM_PORT") |
		       private_flag(cg, "IFF_OVS_DATAPATH");
	int port = ir_reg(cg->ir), slave = ir_reg(cg->ir);

	ir_alui(cg->ir, IR_AND, port, cg_peek_field(cg, dev, "net_device", "priv_flags"), mask);
	net_skip(cg, IR_NE, port, 0, skip);
	ir_alui(cg->ir, IR_AND, slave, cg_peek_field(cg, dev, "net_device", "flags"), IFF_SLAVE);
	net_skip(cg, IR_NE, slave, 0, skip);
}

static struct place device(struct codegen *cg, const struct net_event *ev)
{
	return (struct place){SPACE_BTF, cg_peek_field(cg, ev->skb, "sk_buff", "dev"), 0};
}

/* A packet with a VLAN tag has been handed to the VLAN's device before. */
static void skip_tagged(struct codegen *cg, const struct net_event *ev, int skip)
{
	/* vlan_present went in 6.2 (354259fa73e2): a tag is one that is not 0 */
	const char *field =
		cg_has_field(cg, "sk_buff", "vlan_present") ? "vlan_present" : "vlan_all";

	net_skip(cg, IR_NE, cg_peek_field(cg, ev->skb, "sk_buff", field), 0, skip);
}

static void fire_send(struct codegen *cg)
{
	struct net_event ev = {.state = -1, .last = -1, .length = -1, .sending = true};
	int skip = ir_label(cg->ir), foreign = ir_label(cg->ir), base = ir_reg(cg->ir),
	    offset = ir_reg(cg->ir);
	size_t mark;

	ev.skb = (struct place){SPACE_BTF, net_tp_arg(cg, 0), 0};
	cg->event = &ev;
	net_version(cg, &ev, cg_peek_field(cg, ev.skb, "sk_buff", "protocol"), skip);
	skip_ports(cg, device(cg, &ev), skip);
	skip_tagged(cg, &ev, skip);

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
	struct net_event ev = {.state = -1, .last = -1, .length = -1};
	int skip = ir_label(cg->ir), data, byte;

	ev.skb = (struct place){SPACE_BTF, net_tp_arg(cg, 0), 0};
	cg->event = &ev;
	net_version(cg, &ev, cg_peek_field(cg, ev.skb, "sk_buff", "protocol"), skip);
	net_skip(cg, IR_EQ, cg_peek_field(cg, ev.skb, "sk_buff", "pkt_type"), PACKET_OTHERHOST,
		 skip);
	skip_ports(cg, device(cg, &ev), skip);
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

/* clang-format off */
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
	{ "receive", ROLE_EVENT, ip_args, 6, receive_fires },
	{ "send", ROLE_EVENT, ip_args, 6, send_fires },
	{ 0 },
};

const struct provider provider_ip = { .name = "ip", .library = "ip.d", .rows = ip_rows, .arg = ip_arg };
/* clang-format on */
