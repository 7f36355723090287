/* SPDX-License-Identifier: BSD-2-Clause */
/* A UDP socket at a cgroup hook: struct net_socket of dlib/net.d. */
#pragma once

#include "source/sock.h"

/* What the cgroup hook's helpers give is a view of the socket, not struct sock: that is found
 * through the buffer. */
struct udp_socket {
	struct object object;
	struct skb_packet skb;
	int sk; /* register: the view */
};

extern const struct object_source source_udp_socket;

/* cgroup_skb: the socket of a datagram of this protocol; else skip. */
void udp_socket_of_cgroup(struct emit *e, struct udp_socket *u, int protocol, int skip);
