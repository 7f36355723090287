/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ip provider: packets as they enter and leave the IP layer.
 *
 *	receive	tp_btf/netif_receive_skb: what a device hands up, before any
 *		firewall or routing; not what is another host's, not bridged frames
 *	send	tp_btf/net_dev_queue: what is handed to a device, fragments one by one;
 *		tp_btf/kfree_skb: what was handed to a device and dropped before that
 */
#include "provider/captured.h"
#include "provider/device.h"
#include "provider/drop.h"
#include "provider/kernel.h"
#include "provider/network.h"
#include "provider/tables.h"
#include "routines/routines.h"

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

/* --- firing --- */

/* Of args[4] and args[5] the one that does not apply is NULL. */
static void fire(struct emit *e, const struct skb_packet *s, const struct skb_socket *socket)
{
	struct skb_packet v4, v6;

	skb_of_version(s, &v4, 4);
	skb_of_version(s, &v6, 6);
	NETWORK_FIRE(e, &s->p.object, &socket->object, &s->p.object, &s->p.object, &v4.p.object,
		     &v6.p.object);
}

/* A packet that a device was handed: told if it was IP that did. */
static void sent(struct emit *e, struct skb_packet *packet, const struct needs *n, int skip)
{
	int base, offset = ir_reg(e->ir), length = ir_reg(e->ir);
	struct skb_socket socket;

	device_skip_passed_on(e, packet, skip);
	skb_socket_of_sending(e, &socket, packet);
	skip_foreign(e, &socket, skip);
	base = skb_network_header(e, packet);
	ir_alu(e->ir, IR_SUB, offset, base, skb_field(e, packet, "data"));
	ir_alu(e->ir, IR_SUB, length, packet->p.length, offset);
	packet->p.length = length;
	skb_headers_at(e, packet, base, (struct header_bytes){0}, n);
	fire(e, packet, &socket);
}

static void way_send(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;

	skb_of_tracepoint(e, &packet, skip);
	sent(e, &packet, n, skip);
	ir_place(e->ir, skip);
}

/*
 * What tc drops on its way to the device's queue, which tells of the rest: the
 * device was handed it.
 */
static void way_send_dropped(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), reason = ir_reg(e->ir);
	struct skb_packet packet;
	int64_t dropped;

	if (emit_enumerator(e, "SKB_DROP_REASON_TC_EGRESS", &dropped)) {
		ir_extend(e->ir, reason, tracepoint_arg(e, 2), 4, false);
		skip_if(e, IR_NE, reason, dropped, skip);
		skb_of_tracepoint(e, &packet, skip);
		sent(e, &packet, n, skip);
	}
	ir_place(e->ir, skip);
}

#define PACKET_OTHERHOST 3
#define ETHERNET_HEADER 14
#define ETHERNET_GROUP 1 /* in an address's first byte: multicast, broadcast */

/* Register: the macvlan above the packet's device that takes it; 0: none does. */
static int macvlan_of(struct emit *e, const struct skb_packet *s, int64_t macvlan)
{
	uint64_t list = emit_field(e, "netdev_adjacent", "list").bit_offset / 8,
		 dev = emit_field(e, "netdev_adjacent", "dev").bit_offset / 8,
		 address = emit_field(e, "net_device", "dev_addr").bit_offset / 8,
		 marks = emit_field(e, "net_device", "priv_flags").bit_offset / 8,
		 flags = emit_field(e, "net_device", "flags").bit_offset / 8;
	struct place at = device_of(e, s);
	int upper = ir_reg(e->ir), header = ir_reg(e->ir), found = ir_reg(e->ir);

	at.off = emit_field(e, "net_device", "adj_list.upper").bit_offset / 8;
	ir_mov(e->ir, upper, emit_address(e, at));
	ir_alui(e->ir, IR_SUB, header, skb_field(e, s, "data"), ETHERNET_HEADER);
	ir_call_support(e->ir, found, ROUTINE_MACVLAN_OF, 4,
			(const int[]){
				upper,
				emit_peek(e, (struct place){SPACE_KERNEL, header, 0}, 8),
				emit_const(e, list | dev << 16 | address << 32 | marks << 48),
				emit_const(e, macvlan | flags << 32),
			});
	return found;
}

/*
 * Sets the device whose packet it is, or skips what is another host's. A frame
 * with a tag is its VLAN's before it is a macvlan's; copies of frames to a group
 * are told of one by one.
 */
static void receiver(struct emit *e, struct skb_packet *s, int skip)
{
	int plain = ir_label(e->ir), done = ir_label(e->ir), first = ir_reg(e->ir), group, found;
	int64_t port, macvlan;
	size_t mark;

	s->dev = ir_reg(e->ir);
	ir_mov(e->ir, s->dev, skb_field(e, s, "dev"));
	if (emit_enumerator(e, "IFF_MACVLAN_PORT", &port) &&
	    emit_enumerator(e, "IFF_MACVLAN", &macvlan)) {
		mark = emit_scope(e);
		ir_branchi(e->ir, IR_EQ, device_marks(e, s, port), 0, plain);
		ir_branchi(e->ir, IR_NE, skb_field(e, s, kernel_vlan_field(e)), 0, plain);
		ir_alui(e->ir, IR_SUB, first, skb_field(e, s, "data"), ETHERNET_HEADER);
		group = ir_reg(e->ir);
		ir_alui(e->ir, IR_AND, group,
			emit_peek(e, (struct place){SPACE_KERNEL, first, 0}, 1), ETHERNET_GROUP);
		ir_branchi(e->ir, IR_NE, group, 0, plain);
		found = macvlan_of(e, s, macvlan);
		ir_branchi(e->ir, IR_EQ, found, 0, plain);
		ir_mov(e->ir, s->dev, found);
		ir_jump(e->ir, done);
		emit_scope_end(e, mark);
	}
	ir_place(e->ir, plain);
	mark = emit_scope(e);
	skip_if(e, IR_EQ, skb_field(e, s, "pkt_type"), PACKET_OTHERHOST, skip);
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
}

static void way_receive(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir), version;
	struct skb_socket socket;
	struct skb_packet packet;

	skb_of_tracepoint(e, &packet, skip);
	device_skip_ports(e, &packet, skip);
	receiver(e, &packet, skip);
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

static const struct way receive_ways[] = {
	{ &hook_receive_skb, way_receive, natives },
	CAPTURED_IP_WAY(CAPTURED_IP_RECEIVE),
	{ 0 },
};
static const struct way send_ways[] = {
	{ &hook_dev_queue, way_send, natives },
	{ &hook_kfree_skb, way_send_dropped, natives },
	{ &hook_egress, prepare_cookie, .prepares = NEED_COOKIE },
	OWNER_WAYS,
	CAPTURED_IP_WAY(CAPTURED_IP_SEND),
	{ 0 },
};

static const struct probe_row rows[] = {
	{ "drop-in", ROLE_EVENT, drop_ip_args, DROP_ARGS, drop_ip_in_ways },
	{ "drop-out", ROLE_EVENT, drop_ip_args, DROP_ARGS, drop_ip_out_ways },
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
