/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The udp provider: datagrams, at the cgroup hooks: out once each before
 * fragmentation, in once for each socket that gets them.
 */
#include "provider/native.h"
#include "provider/net.h"
#include "provider/tables.h"

#define SOCK_DGRAM 2
#define IPPROTO_UDP 17

static void fire_datagram(struct codegen *cg, bool sending)
{
	struct net_event ev = {.sending = sending};
	int skip = ir_label(cg->ir), protocol = ir_reg(cg->ir);

	cg->event = &ev;
	net_cgroup_socket(cg, &ev, SOCK_DGRAM, IPPROTO_UDP, 0, skip);
	ir_load(cg->ir, protocol, cg->ctx, offsetof(struct __sk_buff, protocol), 4);
	net_version(cg, &ev, protocol, skip);
	net_headers_cgroup(cg, &ev, 0, 0, skip);
	cg_clauses(cg);
	ir_place(cg->ir, skip);
}

static void fire_send(struct codegen *cg)
{
	fire_datagram(cg, true);
}

static void fire_receive(struct codegen *cg)
{
	fire_datagram(cg, false);
}

static void udp_arg(struct codegen *cg, const struct probe *p, int i, struct value *out)
{
	(void)p;
	if (i == 1 || i == 3)
		native_socket(out);
	else
		native_packet(cg, out);
}

/* clang-format off */
static const struct probe_arg udp_args[] = {
	{ "struct net_packet *", "pktinfo_t *" }, { "struct net_socket *", "csinfo_t *" },
	{ "struct net_packet *", "ipinfo_t *" },  { "struct net_socket *", "udpsinfo_t *" },
	{ "struct net_packet *", "udpinfo_t *" },
};

static const struct fire receive_fires[] = { { &hook_ingress, fire_receive }, { 0 } };
static const struct fire send_fires[] = { { &hook_egress, fire_send }, { 0 } };

static const struct probe_row udp_rows[] = {
	{ "receive", ROLE_EVENT, udp_args, 5, receive_fires },
	{ "send", ROLE_EVENT, udp_args, 5, send_fires },
	{ 0 },
};

const struct provider provider_udp = { .name = "udp", .library = "udp.d", .rows = udp_rows, .arg = udp_arg };
/* clang-format on */
