/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sources of sockets share: fields of struct sock, the ends of a connection, states. */
#pragma once

#include "source/packet.h"

/* A connection's two ends: addresses as struct item_addr has them, ports in host order. */
struct ends {
	int local[3], remote[3], lport, rport;
};

/* A field of struct sock. In memory that the verifier knows as struct tcp_sock it lies at the
 * start. */
int sock_field(struct emit *e, struct place sk, const char *path);
/* Words of an address. Those of a v4 connection on a v6 socket are v4's. */
void sock_address(struct emit *e, struct place sk, bool local, int word[3]);
int sock_remote_port(struct emit *e, struct place sk);

void socket_zone_value(struct emit *e, struct place sk, struct value *out); /* the member "zone" */
/* The inode of the namespace at an address, 0 where there is none. */
int net_zone(struct emit *e, int net);
int device_net(struct emit *e, int dev); /* a device's namespace; both are registers, perhaps 0 */

/* The 4-tuple of a connection in one network namespace: key of the maps between hooks. */
uint32_t tuple_size(void);
struct place tuple_of_ends(struct emit *e, int net, const struct ends *ends);
/* Of a program whose context it is (MAP_TIMED). */
struct place tuple_of_context(struct emit *e);
/* A register with what the map has for it; skips where there is nothing, or its time (the first
 * word) is not over; ends: when tracing ends it is. */
int tuple_over(struct emit *e, int map, struct place key, bool ends, int skip);
/* Of a packet that was received, or of one that answers such a packet. */
struct place tuple_of_sent(struct emit *e, const struct packet *p, int net);
struct place tuple_of_received(struct emit *e, const struct packet *p, int net);

/* Kernel numbers of states (include/net/tcp_states.h, user-visible through ss and sock_diag). */
/* clang-format off */
enum {
	KTCP_ESTABLISHED = 1, KTCP_SYN_SENT, KTCP_SYN_RECV, KTCP_FIN_WAIT1, KTCP_FIN_WAIT2, KTCP_TIME_WAIT,
	KTCP_CLOSE, KTCP_CLOSE_WAIT, KTCP_LAST_ACK, KTCP_LISTEN, KTCP_CLOSING, KTCP_NEW_SYN_RECV,
};
/* clang-format on */

void socket_state_value(struct emit *e, int kernel, struct value *out); /* -1: closed */
void socket_last_value(struct emit *e, int kernel, struct value *out);	/* of before; -1: 0 */
void socket_address_value(struct emit *e, struct place sk, bool local, struct value *out);

/* Members of sockets of which nothing is known. */
void socket_member_none(struct emit *e, const struct object *o, struct value *out);
void socket_member_null(struct emit *e, const struct object *o, struct value *out);
void socket_member_unknown(struct emit *e, const struct object *o, struct value *out);

/* cgroup_skb: this program's socket (struct bpf_sock) of this type and protocol, full, in one of
 * these states (a mask of 1 << KTCP_*, 0: any), or skip. */
int cgroup_socket(struct emit *e, int type, int protocol, unsigned states, int skip);
/* The same socket in a later program of the firing. */
int cgroup_socket_again(struct emit *e, int none);
enum { SOCK_TYPE_STREAM = 1, SOCK_TYPE_DGRAM = 2, SOCK_TYPE_RAW = 3 };
enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_UDPLITE = 136 };
enum { FAMILY_INET6 = 10 };
