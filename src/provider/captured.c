/* SPDX-License-Identifier: BSD-2-Clause */
#include "provider/captured.h"

#include "provider/network.h"
#include "source/captured.h"

#define HOOK(kind, probe)                                                                          \
	[kind] = {.name = "capture/" probe,                                                        \
		  .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,                                       \
		  .attach = ATTACH_CAPTURE,                                                        \
		  .number = kind}

const struct hook captured_hooks[CAPTURED_KINDS] = {
	HOOK(CAPTURED_IP_SEND, "ip:::send"),
	HOOK(CAPTURED_IP_RECEIVE, "ip:::receive"),
	HOOK(CAPTURED_UDP_SEND, "udp:::send"),
	HOOK(CAPTURED_UDP_RECEIVE, "udp:::receive"),
	HOOK(CAPTURED_TCP_SEND, "tcp:::send"),
	HOOK(CAPTURED_TCP_RECEIVE, "tcp:::receive"),
	HOOK(CAPTURED_TCP_RETRANSMIT, "tcp:::retransmit"),
	HOOK(CAPTURED_TCP_STATE_CHANGE, "tcp:::state-change"),
	HOOK(CAPTURED_TCP_CONNECT_REQUEST, "tcp:::connect-request"),
	HOOK(CAPTURED_TCP_CONNECT_ESTABLISHED, "tcp:::connect-established"),
	HOOK(CAPTURED_TCP_CONNECT_REFUSED, "tcp:::connect-refused"),
	HOOK(CAPTURED_TCP_ACCEPT_ESTABLISHED, "tcp:::accept-established"),
	HOOK(CAPTURED_TCP_ACCEPT_REFUSED, "tcp:::accept-refused"),
};

const char *const captured_natives[] = {
	"struct captured *", "struct captured *", "struct captured *",
	"struct captured *", "struct captured *", "struct captured *",
};

const char *const captured_change_natives[] = {
	"struct net_packet *", "struct captured *",   "struct net_packet *",
	"struct captured *",   "struct net_packet *", "struct captured *",
};

/* Of args[4] and args[5] the one that does not apply is NULL. */
void captured_fires_ip(struct emit *e, const struct needs *n)
{
	struct captured_packet any, v4, v6;

	(void)n;
	captured_packet(e, &any, 0);
	captured_packet(e, &v4, 4);
	captured_packet(e, &v6, 6);
	NETWORK_FIRE(e, &any.object, &any.object, &any.object, &any.object, &v4.object, &v6.object);
}

void captured_fires(struct emit *e, const struct needs *n)
{
	struct captured_packet c;

	(void)n;
	captured_packet(e, &c, 0);
	NETWORK_FIRE(e, &c.object, &c.object, &c.object, &c.object, &c.object);
}

/* A change has no packet: args[0], args[2] and args[4] are NULL. */
void captured_fires_change(struct emit *e, const struct needs *n)
{
	struct captured_packet c;
	struct packet none;

	(void)n;
	captured_packet(e, &c, 0);
	no_packet(&none);
	NETWORK_FIRE(e, &none.object, &c.object, &none.object, &c.object, &none.object, &c.object);
}
