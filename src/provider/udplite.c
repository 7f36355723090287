/* SPDX-License-Identifier: BSD-2-Clause */
/* The udplite provider: UDP-Lite's datagrams (RFC 3828), at the hooks of udp's. */
#include "provider/kernel.h"
#include "provider/network.h"
#include "provider/tables.h"

static void way_datagram(struct emit *e, const struct needs *n)
{
	kernel_need_udplite(e);
	datagram_fires(e, PROTOCOL_UDPLITE, n);
}

/* clang-format off */
static const char *const args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "udplitesinfo_t *", "udpliteinfo_t *",
};

DATAGRAM_WAYS(receive, &hook_ingress, way_datagram);
DATAGRAM_WAYS(send, &hook_egress, way_datagram);

static const struct probe_row rows[] = {
	{ "receive", ROLE_EVENT, args, 5, receive_ways },
	{ "send", ROLE_EVENT, args, 5, send_ways },
	{ 0 },
};
/* clang-format on */

const struct provider provider_udplite = {
	.name = "udplite",
	.module = "vmlinux",
	.library = "udplite.d",
	NETWORK_STABILITY,
	.rows = rows,
};
