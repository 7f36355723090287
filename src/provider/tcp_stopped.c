/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tcp: segments that a firewall stops on their way out, at kfree_skb.
 *
 * TCP has sent and counted them; the egress hook and net_dev_queue, which come
 * behind the firewall's OUTPUT and POSTROUTING, never see them.  IP's header is
 * the first that they have got, and no device has had them.
 */
#include "provider/kernel.h"
#include "provider/tcp.h"
#include "source/drop.h"
#include "source/tcp_opening.h"

#define NO_HEADER 0xffff /* of the link layer: where it begins is not known */

bool tcp_stopped(struct emit *e, struct skb_packet *s, const struct needs *n, int skip)
{
	int64_t reason = kernel_firewall_reason(e);
	int base;

	if (reason < 0)
		return false;
	skip_if(e, IR_NE, drop_reason(e), reason, skip);
	skb_of_tracepoint(e, s, skip);
	skip_if(e, IR_NE, skb_field(e, s, "skb_iif"), 0, skip);
	skip_if(e, IR_NE, skb_field(e, s, "mac_header"), NO_HEADER, skip);
	base = skb_network_header(e, s);
	emit_branch_point(e);
	ir_branch(e->ir, IR_NE, skb_field(e, s, "data"), base, skip);
	skb_headers_at(e, s, base, (struct header_bytes){40, 20}, n);
	return true;
}

#define NO_REFERENCE 1 /* SKB_DST_NOREF, in the pointer */

int tcp_stopped_net(struct emit *e, const struct skb_packet *s)
{
	struct place route = {SPACE_KERNEL, ir_reg(e->ir), 0};

	ir_alui(e->ir, IR_AND, route.base, skb_field(e, s, "_skb_refdst"), ~(int64_t)NO_REFERENCE);
	return device_net(e, emit_peek_field(e, route, "dst_entry", "dev"));
}

bool tcp_stopped_sent(struct emit *e, struct skb_packet *s, struct tcp_socket *t,
		      const struct needs *n, int skip)
{
	if (!tcp_stopped(e, s, n, skip))
		return false;
	tcp_socket_of_skb(e, t, skip);
	return true;
}

void tcp_way_send_stopped(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	if (tcp_stopped_sent(e, &packet, &socket, n, skip)) {
		if (n->bits & NEED_RETRANSMIT)
			socket.retransmit = tcp_retransmitted(e, &socket, &packet);
		tcp_fire(e, &packet.p, &socket.object);
	}
	ir_place(e->ir, skip);
}

void tcp_way_retransmit_stopped(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	if (tcp_stopped_sent(e, &packet, &socket, n, skip)) {
		socket.retransmit = tcp_retransmitted(e, &socket, &packet);
		skip_if(e, IR_EQ, socket.retransmit, 0, skip);
		tcp_fire(e, &packet.p, &socket.object);
	}
	ir_place(e->ir, skip);
}

void tcp_way_connect_request_stopped(struct emit *e, const struct needs *n)
{
	int skip = ir_label(e->ir);
	struct skb_packet packet;
	struct tcp_socket socket;

	if (tcp_stopped_sent(e, &packet, &socket, n, skip)) {
		tcp_skip_unless_first_syn(e, &packet, &socket, skip);
		tcp_fire(e, &packet.p, &socket.object);
	}
	ir_place(e->ir, skip);
}
