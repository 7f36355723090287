/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The socket that a packet on its way out belongs to, if any.  The tracepoint's
 * pointer to it is not one that the cookie helper takes: the cookie has been
 * made when the segment passed the cgroup hook (ip.c), here it is read.
 */
#pragma once

#include "source/sock.h"

struct skb_socket {
	struct object object;
	int sk;		 /* register: struct sock, may be 0; -1: there is none */
	bool of_dropped; /* kfree_skb's, and whether it names the receiving socket */
	bool named;
};

extern const struct object_source source_skb_socket;

void skb_socket_of_sending(struct emit *e, struct skb_socket *s, const struct skb_packet *p);
/* kfree_skb: the receiving socket if the tracepoint names it (named), else the buffer's. */
void skb_socket_of_dropped(struct emit *e, struct skb_socket *s, bool named);
void skb_socket_of_receiving(struct skb_socket *s); /* not known yet */
