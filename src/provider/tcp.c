/* SPDX-License-Identifier: BSD-2-Clause */
/* The tcp provider's tables. */
#include "provider/tcp.h"

#include "provider/captured.h"
#include "provider/drop.h"
#include "provider/tables.h"

/* clang-format off */
static const char *const args[] = {
	"pktinfo_t *", "csinfo_t *", "ipinfo_t *", "tcpsinfo_t *", "tcpinfo_t *", "tcplsinfo_t *",
};

static const char *const natives[] = {
	"struct net_packet *", "struct net_socket *", "struct net_packet *", "struct tcp_socket *",
	"struct net_packet *", "struct tcp_socket *",
};

#define WAYS(name, ...) static const struct way name##_ways[] = { __VA_ARGS__, OWNER_WAYS, { 0 } }

WAYS(accept_established,
     CAPTURED_WAY(CAPTURED_TCP_ACCEPT_ESTABLISHED),
     { &hook_ingress, tcp_prepare_handshake, .prepares = PREPARES_ALWAYS },
     { &hook_set_state, tcp_way_accept_established, natives });
WAYS(accept_refused,
     CAPTURED_WAY(CAPTURED_TCP_ACCEPT_REFUSED),
     { &hook_dev_queue, tcp_way_refused_kept, natives },
     { &hook_kfree_skb, tcp_way_refused_stopped, natives },
     { &hook_kfree_skb, tcp_way_accept_refused, natives, .behind = true },
     { &hook_consumer, tcp_way_refused_left, natives, .role = ROLE_TIMEOUT });
WAYS(connect_established,
     CAPTURED_WAY(CAPTURED_TCP_CONNECT_ESTABLISHED),
     { &hook_ingress, tcp_prepare_handshake, .prepares = PREPARES_ALWAYS },
     { &hook_set_state, tcp_way_connect_established, natives });
WAYS(connect_refused,
     CAPTURED_WAY(CAPTURED_TCP_CONNECT_REFUSED),
     { &hook_ingress, tcp_way_connect_refused, natives });
WAYS(connect_request,
     CAPTURED_WAY(CAPTURED_TCP_CONNECT_REQUEST),
     { &hook_egress, tcp_way_connect_request, natives },
     { &hook_kfree_skb, tcp_way_connect_request_stopped, natives });
WAYS(receive,
     CAPTURED_WAY(CAPTURED_TCP_RECEIVE),
     { &hook_ingress, tcp_way_receive, natives },
     { &hook_kfree_skb, tcp_way_receive_unhooked, natives });
WAYS(retransmit,
     CAPTURED_WAY(CAPTURED_TCP_RETRANSMIT),
     { &hook_egress, tcp_way_retransmit, natives },
     { &hook_dev_queue, tcp_way_retransmit_control, natives },
     { &hook_kfree_skb, tcp_way_retransmit_stopped, natives },
     { &hook_kfree_skb, tcp_way_retransmit_stopped_answer, natives });
WAYS(send,
     CAPTURED_WAY(CAPTURED_TCP_SEND),
     { &hook_egress, tcp_way_send, natives },
     { &hook_dev_queue, tcp_way_send_control, natives, .without = "receive" },
     { &hook_dev_queue, tcp_way_send_kept, natives, .with = "receive" },
     { &hook_dev_queue, tcp_way_send_reset, natives },
     { &hook_kfree_skb, tcp_way_send_stopped, natives },
     { &hook_kfree_skb, tcp_way_send_stopped_answer, natives, .without = "receive" },
     { &hook_kfree_skb, tcp_way_send_stopped_kept, natives, .with = "receive" },
     { &hook_kfree_skb, tcp_way_send_answer, natives, .with = "receive", .behind = true },
     { &hook_consumer, tcp_way_send_left, natives, .with = "receive", .role = ROLE_TIMEOUT });
WAYS(state_change,
     CAPTURED_CHANGE_WAY(CAPTURED_TCP_STATE_CHANGE),
     { &hook_egress, tcp_way_syn_sent, natives },
     { &hook_kfree_skb, tcp_way_syn_sent_stopped, natives },
     { &hook_set_state, tcp_way_state_change, natives },
     { &hook_kfree_skb, tcp_way_fin_wait_2_segment, natives, .behind = true },
     { &hook_consumer, tcp_way_fin_wait_2_over, natives, .role = ROLE_TIMEOUT });

static const struct probe_row rows[] = {
	{ "accept-established", ROLE_EVENT, args, 5, accept_established_ways },
	{ "accept-refused", ROLE_EVENT, args, 5, accept_refused_ways },
	{ "connect-established", ROLE_EVENT, args, 5, connect_established_ways },
	{ "connect-refused", ROLE_EVENT, args, 5, connect_refused_ways },
	{ "connect-request", ROLE_EVENT, args, 5, connect_request_ways },
	{ "drop", ROLE_EVENT, drop_tcp_args, DROP_ARGS, drop_tcp_ways },
	{ "receive", ROLE_EVENT, args, 5, receive_ways },
	{ "retransmit", ROLE_EVENT, args, 5, retransmit_ways },
	{ "send", ROLE_EVENT, args, 5, send_ways },
	{ "state-change", ROLE_EVENT, args, 6, state_change_ways },
	{ 0 },
};
/* clang-format on */

const struct provider provider_tcp = {
	.name = "tcp",
	.module = "vmlinux",
	.library = "tcp.d",
	NETWORK_STABILITY,
	.rows = rows,
};
