/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The udp provider: datagrams, at the cgroup hooks: out once each before
 * fragmentation, in once for each socket that gets them.
 */
#include "provider/captured.h"
#include "provider/drop.h"
#include "provider/network.h"
#include "provider/tables.h"

void datagram_fires(struct emit *e, int protocol, const struct needs *n)
{
	struct skb_packet packet;
	struct udp_socket socket;
	int skip = ir_label(e->ir);

	udp_socket_of_cgroup(e, &socket, protocol, skip);
	skb_of_cgroup(e, &packet, (struct header_bytes){0}, n, skip);
	NETWORK_FIRE(e, &packet.p.object, &socket.object, &packet.p.object, &socket.object,
		     &packet.p.object);
	ir_place(e->ir, skip);
}

static void way_datagram(struct emit *e, const struct needs *n)
{
	datagram_fires(e, PROTOCOL_UDP, n);
}

/* clang-format off */
static const char *const args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "udpsinfo_t *", "udpinfo_t *",
};

const char *const datagram_natives[] = {
	"struct net_packet *", "struct net_socket *", "struct net_packet *", "struct net_socket *",
	"struct net_packet *",
};

DATAGRAM_WAYS(receive, &hook_ingress, way_datagram, CAPTURED_WAY(CAPTURED_UDP_RECEIVE),);
DATAGRAM_WAYS(send, &hook_egress, way_datagram, CAPTURED_WAY(CAPTURED_UDP_SEND),);

static const struct probe_row rows[] = {
	{ "drop", ROLE_EVENT, drop_udp_args, DROP_ARGS, drop_udp_ways },
	{ "receive", ROLE_EVENT, args, 5, receive_ways },
	{ "send", ROLE_EVENT, args, 5, send_ways },
	{ 0 },
};
/* clang-format on */

const struct provider provider_udp = {
	.name = "udp",
	.module = "vmlinux",
	.library = "udp.d",
	NETWORK_STABILITY,
	.rows = rows,
};
