/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets that the kernel drops: tp_btf/kfree_skb, with its reason.  Each fires
 * one probe:
 *
 *	tcp:::drop, udp:::drop	it had been handed to TCP or UDP, and was no fragment
 *	ip:::drop-in		it came in by a device, and no device was handed it
 *	ip:::drop-out		it was made here, or a device was handed it
 *
 * How far a packet has come shows in its buffer: a device that sends has the
 * link-layer header in front, IP has its own, transport what is behind that.
 * Where it has none, as with a tunnel's device, the reason tells, if it is one
 * that there is in one direction alone.
 */
#include "provider/drop.h"

#include "provider/kernel.h"
#include "provider/network.h"
#include "source/drop.h"
#include "source/no_socket.h"

#define PACKET_OTHERHOST 3

struct dropped {
	struct skb_packet packet;
	struct skb_socket socket;
	struct drop drop;
	int base; /* register: address of the IP header */
};

/* Not drops; and a packet socket's copies. */
static const char *const no_drops[] = {"SKB_NOT_DROPPED_YET", "SKB_CONSUMED",
				       "SKB_DROP_REASON_PACKET_SOCK_ERROR", NULL};
/* Behind IP on the way out. */
static const char *const sending[] = {
	"SKB_DROP_REASON_NEIGH_CREATEFAIL",
	"SKB_DROP_REASON_NEIGH_FAILED",
	"SKB_DROP_REASON_NEIGH_QUEUEFULL",
	"SKB_DROP_REASON_NEIGH_DEAD",
	"SKB_DROP_REASON_TC_EGRESS",
	"SKB_DROP_REASON_QDISC_DROP",
	NULL,
};
/* Before the device is known as the one that it came in by. */
static const char *const receiving[] = {"SKB_DROP_REASON_CPU_BACKLOG", NULL};

/* A buffer that was made here may have no header yet. */
static void skip_unfinished(struct emit *e, struct dropped *d, int skip)
{
	int ok = ir_label(e->ir), version = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_branchi(e->ir, IR_NE, skb_field(e, &d->packet, "skb_iif"), 0, ok);
	ir_alui(e->ir, IR_SHR, version, emit_peek(e, d->packet.p.ip, 1), 4);
	ir_branch(e->ir, IR_NE, version, d->packet.p.version, skip);
	ir_place(e->ir, ok);
	emit_scope_end(e, mark);
}

#define OWN_BYTES 12 /* of the IP header: fragment, protocol */

static void dropped(struct emit *e, struct dropped *d, const struct needs *n, int skip)
{
	int length = ir_reg(e->ir), pushed = ir_reg(e->ir);

	drop_branch(e, no_drops, skip);
	skb_of_tracepoint(e, &d->packet, skip);
	skip_if(e, IR_EQ, skb_field(e, &d->packet, "pkt_type"), PACKET_OTHERHOST, skip);
	d->base = skb_network_header(e, &d->packet);
	ir_alu(e->ir, IR_SUB, pushed, d->base, skb_field(e, &d->packet, "data"));
	ir_alu(e->ir, IR_SUB, length, d->packet.p.length, pushed);
	d->packet.p.length = length;
	skb_headers_at(e, &d->packet, d->base, (struct header_bytes){.ip = OWN_BYTES}, n);
	skip_unfinished(e, d, skip);
	drop_of_tracepoint(&d->drop);
	skb_socket_of_dropped(e, &d->socket, kernel_has_rx_sk(e));
}

/* A register with the protocol that has been handed the packet, TCP or UDP; else 0. */
static int transport(struct emit *e, const struct dropped *d)
{
	int reg = ir_reg(e->ir), done = ir_label(e->ir), found = ir_label(e->ir),
	    protocol = packet_protocol(e, &d->packet.p), fragment = ir_reg(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, reg, 0);
	ir_branch(e->ir, IR_ULE, skb_field(e, &d->packet, "data"), d->base, done);
	ir_branchi(e->ir, IR_EQ, d->packet.p.version, 6, found);
	/* v6 has a header of its own for fragments */
	ir_alui(e->ir, IR_AND, fragment, emit_peek(e, place_at(d->packet.p.ip, 6), 2), 0xff3f);
	ir_branchi(e->ir, IR_NE, fragment, 0, done);
	ir_place(e->ir, found);
	ir_mov(e->ir, reg, protocol);
	ir_branchi(e->ir, IR_EQ, reg, PROTOCOL_TCP, done);
	ir_branchi(e->ir, IR_EQ, reg, PROTOCOL_UDP, done);
	ir_const(e->ir, reg, 0);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return reg;
}

/* 1: it came in, and no device was handed it. */
static int came_in(struct emit *e, const struct dropped *d)
{
	int reg = ir_reg(e->ir), in = ir_label(e->ir), out = ir_label(e->ir),
	    done = ir_label(e->ir);
	size_t mark = emit_scope(e);

	drop_branch(e, receiving, in);
	drop_branch(e, sending, out);
	ir_branchi(e->ir, IR_EQ, skb_field(e, &d->packet, "skb_iif"), 0, out);
	ir_branch(e->ir, IR_ULT, skb_field(e, &d->packet, "data"), d->base, out);
	ir_place(e->ir, in);
	ir_const(e->ir, reg, 1);
	ir_jump(e->ir, done);
	ir_place(e->ir, out);
	ir_const(e->ir, reg, 0);
	ir_place(e->ir, done);
	emit_scope_end(e, mark);
	return reg;
}

static void of_ip(struct emit *e, const struct needs *n, bool in)
{
	int skip = ir_label(e->ir);
	struct skb_packet v4, v6;
	struct dropped d;

	dropped(e, &d, n, skip);
	skip_if(e, IR_NE, transport(e, &d), 0, skip);
	skip_if(e, IR_NE, came_in(e, &d), in, skip);
	skb_of_version(&d.packet, &v4, 4);
	skb_of_version(&d.packet, &v6, 6);
	NETWORK_FIRE(e, &d.packet.p.object, &d.socket.object, &d.packet.p.object,
		     &d.packet.p.object, &v4.p.object, &v6.p.object, &d.drop.object);
	ir_place(e->ir, skip);
}

static void way_ip_in(struct emit *e, const struct needs *n)
{
	of_ip(e, n, true);
}

static void way_ip_out(struct emit *e, const struct needs *n)
{
	of_ip(e, n, false);
}

/* The state of a socket that may be none. */
static int state_of(struct emit *e, const struct skb_socket *s)
{
	int reg = ir_reg(e->ir), none = ir_label(e->ir);
	size_t mark = emit_scope(e);

	ir_const(e->ir, reg, KTCP_CLOSE);
	ir_branchi(e->ir, IR_EQ, s->sk, 0, none);
	ir_mov(e->ir, reg,
	       sock_field(e, (struct place){SPACE_BTF, s->sk, 0}, "__sk_common.skc_state"));
	ir_place(e->ir, none);
	emit_scope_end(e, mark);
	return reg;
}

static void way_tcp(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct no_socket connection, before;
	struct dropped d;

	dropped(e, &d, n, skip);
	skip_if(e, IR_NE, transport(e, &d), PROTOCOL_TCP, skip);
	no_socket(&connection);
	connection.state = state_of(e, &d.socket);
	no_socket(&before);
	before.object.nonnull = NONNULL_NEVER;
	NETWORK_FIRE(e, &d.packet.p.object, &d.socket.object, &d.packet.p.object,
		     &connection.object, &d.packet.p.object, &before.object, &d.drop.object);
	ir_place(e->ir, skip);
}

static void way_udp(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct packet none;
	struct dropped d;

	dropped(e, &d, n, skip);
	skip_if(e, IR_NE, transport(e, &d), PROTOCOL_UDP, skip);
	no_packet(&none);
	NETWORK_FIRE(e, &d.packet.p.object, &d.socket.object, &d.packet.p.object, &d.socket.object,
		     &d.packet.p.object, &none.object, &d.drop.object);
	ir_place(e->ir, skip);
}

/* clang-format off */
#define PACKET "struct net_packet *"
#define SOCKET "struct net_socket *"
#define DROP "struct net_drop *"

const char *const drop_ip_args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "ifinfo_t *", "ipv4info_t *", "ipv6info_t *", "dropinfo_t *",
};
const char *const drop_tcp_args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "tcpsinfo_t *", "tcpinfo_t *", "tcplsinfo_t *", "dropinfo_t *",
};
const char *const drop_udp_args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "udpsinfo_t *", "udpinfo_t *", "pktinfo_t *", "dropinfo_t *",
};

static const char *const ip_natives[] = { PACKET, SOCKET, PACKET, PACKET, PACKET, PACKET, DROP };
static const char *const tcp_natives[] = {
	PACKET, SOCKET, PACKET, "struct tcp_socket *", PACKET, "struct tcp_socket *", DROP,
};
static const char *const udp_natives[] = { PACKET, SOCKET, PACKET, SOCKET, PACKET, PACKET, DROP };

const struct way drop_ip_in_ways[] = { { &hook_kfree_skb, way_ip_in, ip_natives }, OWNER_WAYS, { 0 } };
const struct way drop_ip_out_ways[] = { { &hook_kfree_skb, way_ip_out, ip_natives }, OWNER_WAYS, { 0 } };
const struct way drop_tcp_ways[] = { { &hook_kfree_skb, way_tcp, tcp_natives }, OWNER_WAYS, { 0 } };
const struct way drop_udp_ways[] = { { &hook_kfree_skb, way_udp, udp_natives }, OWNER_WAYS, { 0 } };
/* clang-format on */
