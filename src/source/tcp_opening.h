/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A connection that is being opened to a listener, at a cgroup hook.
 *
 * Until the last segment of the handshake has come Linux keeps a request for it
 * (struct tcp_request_sock), and the hook shows the listener.  The request is
 * found by the segment's addresses and ports, and tells of the connection.
 */
#pragma once

#include "source/tcp_socket.h"

/* A register: the request's address, 0 if the segment is about none. */
int tcp_opening(struct emit *e, const struct tcp_socket *t);
/* A field of it, in code that runs if there is one. */
int tcp_opening_field(struct emit *e, int request, const char *path);

/* At a cgroup hook: the segment's numbers, in host order, and its ACK flag; registers. */
struct opening_numbers {
	int seq, ack, flag;
};
void tcp_opening_numbers(struct emit *e, struct opening_numbers *n);

/* At egress, with the TCP header read up to the flags: 1 if the segment was sent before. */
int tcp_retransmitted(struct emit *e, const struct tcp_socket *t, const struct skb_packet *s);
/* The same of a SYN,ACK with its request at hand. */
int tcp_synack_repeated(struct emit *e, int request, const struct skb_packet *s);
