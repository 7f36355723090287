/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ip provider: packets as they enter and leave the IP layer.
 *
 *	receive	tp_btf/netif_receive_skb: what a device hands up, before any
 *		firewall or routing; not what is another host's, not bridged frames
 *	send	tp_btf/net_dev_queue: what is handed to a device, fragments one by one
 */
#include "provider/kernel.h"
#include "provider/network.h"
#include "provider/tables.h"

#define IFF_SLAVE 0x800

/*
 * IP neither gets packets from nor gives any to a device that is a port of a
 * bridge, bond or team: the master has them before or after, and is counted.
 */
static void skip_ports(struct emit *e, const struct skb_packet *s, int skip)
{
	struct place dev = {SPACE_BTF, skb_field(e, s, "dev"), 0};
	int port = ir_reg(e->ir), slave = ir_reg(e->ir);

	ir_alui(e->ir, IR_AND, port, emit_peek_field(e, dev, "net_device", "priv_flags"),
		kernel_port_flags(e));
	skip_if(e, IR_NE, port, 0, skip);
	ir_alui(e->ir, IR_AND, slave, emit_peek_field(e, dev, "net_device", "flags"), IFF_SLAVE);
	skip_if(e, IR_NE, slave, 0, skip);
}

/* A packet with a VLAN tag has been handed to the VLAN's device before. */
static void skip_tagged(struct emit *e, const struct skb_packet *s, int skip)
{
	skip_if(e, IR_NE, skb_field(e, s, kernel_vlan_field(e)), 0, skip);
}

#define FAMILY_PACKET 17 /* AF_PACKET */

/* if (skb->sk && skb->sk->family == AF_PACKET) goto skip: it does not come from the IP layer */
static void skip_foreign(struct emit *e, const struct skb_socket *s, int skip)
{
	struct place sk = {SPACE_BTF, s->sk, 0};
	int ok = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_EQ, s->sk, 0, ok);
	skip_if(e, IR_EQ, sock_field(e, sk, "__sk_common.skc_family"), FAMILY_PACKET, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

/* Of args[4] and args[5] the one that does not apply is NULL. */
static void fire(struct emit *e, const struct skb_packet *s, const struct skb_socket *socket)
{
	struct skb_packet v4 = *s, v6 = *s;

	v4.p.object.nonnull = v6.p.object.nonnull = NONNULL_EQUAL;
	v4.p.object.null_reg = v6.p.object.null_reg = s->p.version;
	v4.p.object.null_eq = 4;
	v6.p.object.null_eq = 6;
	NETWORK_FIRE(e, &s->p.object, &socket->object, &s->p.object, &s->p.object, &v4.p.object,
		     &v6.p.object);
}

static void way_send(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), base, offset = ir_reg(e->ir), length = ir_reg(e->ir);
	struct skb_socket socket;
	struct skb_packet packet;

	skb_of_tracepoint(e, &packet, skip);
	skip_ports(e, &packet, skip);
	skip_tagged(e, &packet, skip);
	skb_socket_of_sending(e, &socket, &packet);
	skip_foreign(e, &socket, skip);
	base = skb_network_header(e, &packet);
	ir_alu(e->ir, IR_SUB, offset, base, skb_field(e, &packet, "data"));
	ir_alu(e->ir, IR_SUB, length, packet.p.length, offset);
	packet.p.length = length;
	skb_headers_at(e, &packet, base, (struct header_bytes){0}, n);
	fire(e, &packet, &socket);
	ir_place(e->ir, skip);
}

#define PACKET_OTHERHOST 3

static void way_receive(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), version;
	struct skb_socket socket;
	struct skb_packet packet;

	skb_of_tracepoint(e, &packet, skip);
	skip_if(e, IR_EQ, skb_field(e, &packet, "pkt_type"), PACKET_OTHERHOST, skip);
	skip_ports(e, &packet, skip);
	skb_headers_at(e, &packet, skb_field(e, &packet, "data"), (struct header_bytes){.ip = 1},
		       n);
	/* The version the header itself gives, RFC 791 and 8200: IP drops what disagrees. */
	version = ir_reg(e->ir);
	ir_alui(e->ir, IR_SHR, version, emit_peek(e, packet.p.ip, 1), 4);
	emit_branch_point(e);
	ir_branch(e->ir, IR_NE, version, packet.p.version, skip);
	skb_socket_of_receiving(&socket);
	fire(e, &packet, &socket);
	ir_place(e->ir, skip);
}

/* No event: gives each sending socket its cookie. */
static void prepare_cookie(struct emit *e, const struct needs *n)
{
	(void)n;
	IR_CALL(e->ir, -1, BPF_FUNC_get_socket_cookie, emit_ctx(e));
}

/* clang-format off */
static const char *const args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "ifinfo_t *", "ipv4info_t *", "ipv6info_t *",
};

static const char *const natives[] = {
	"struct net_packet *", "struct net_socket *", "struct net_packet *", "struct net_packet *",
	"struct net_packet *", "struct net_packet *",
};

static const struct way receive_ways[] = { { &hook_receive_skb, way_receive, natives }, { 0 } };
static const struct way send_ways[] = {
	{ &hook_dev_queue, way_send, natives },
	{ &hook_egress, prepare_cookie, .prepares = NEED_COOKIE },
	{ 0 },
};

static const struct probe_row rows[] = {
	{ "receive", ROLE_EVENT, args, 6, receive_ways },
	{ "send", ROLE_EVENT, args, 6, send_ways },
	{ 0 },
};
/* clang-format on */

const struct provider provider_ip = {
	.name = "ip",
	.module = "vmlinux",
	.library = "ip.d",
	NETWORK_STABILITY,
	.rows = rows,
};
