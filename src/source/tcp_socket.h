/* SPDX-License-Identifier: BSD-2-Clause */
/* A TCP connection with its full socket: struct tcp_socket of dlib/net.d. */
#pragma once

#include "source/sock.h"

struct tcp_socket {
	struct object object;
	struct place sk, tp; /* struct sock, struct tcp_sock */
	int state, last;     /* registers, kernel's numbers; -1: the socket's, not known */
	int expected;	     /* register: of the segment received; -1: rcv_nxt */
	int retransmit;	     /* register: the segment on its way out was sent before; -1: none is */
	bool sending;	     /* the segment at hand is on its way out */
	enum tcp_socket_from {
		TCP_FROM_CONTEXT,  /* the cgroup hook's socket */
		TCP_FROM_ARGUMENT, /* the tracepoint's first argument */
		TCP_FROM_SKB,	   /* the socket of the packet that is that argument */
	} from;
};

extern const struct object_source source_tcp_socket;

/* cgroup_skb: the connection of the segment, in one of these states (0: any); else skip. */
void tcp_socket_of_cgroup(struct emit *e, struct tcp_socket *t, unsigned states, int skip);
/* inet_sock_set_state: with the state before and the new one; skips what is not TCP. */
void tcp_socket_of_set_state(struct emit *e, struct tcp_socket *t, int skip);
/* A tracepoint's packet on its way out: its connection; skips what has no full socket, or a
 * listener's. */
void tcp_socket_of_skb(struct emit *e, struct tcp_socket *t, int skip);

int tcp_socket_field(struct emit *e, const struct tcp_socket *t, const char *path);
void tcp_socket_ends(struct emit *e, const struct tcp_socket *t, struct ends *ends);
struct place tcp_socket_tuple(struct emit *e, const struct tcp_socket *t, const struct ends *ends);
int tcp_socket_cookie(struct emit *e, const struct tcp_socket *t); /* register */
int tcp_socket_active(struct emit *e, const struct tcp_socket *t); /* register: opened from here */

/* tcp_next.c: at cgroup ingress, with the TCP header read: a register with the sequence number that
 * is expected when the segment at hand has its turn (host order). */
int tcp_expected(struct emit *e, const struct tcp_socket *t, const struct packet *p);
