/* SPDX-License-Identifier: BSD-2-Clause */
/* The ways of the tcp provider, and what they have in common. */
#pragma once

#include "provider/network.h"
#include "source/kept_connection.h"
#include "source/no_socket.h"

/* tcp_segment.c: segments */
void tcp_way_send(struct emit *e, const struct needs *n);
void tcp_way_retransmit(struct emit *e, const struct needs *n);
void tcp_way_receive(struct emit *e, const struct needs *n);
void tcp_way_connect_request(struct emit *e, const struct needs *n);
void tcp_way_connect_refused(struct emit *e, const struct needs *n);
void tcp_prepare_handshake(struct emit *e, const struct needs *n);
/* An active open's first SYN: nothing was sent before it. */
void tcp_first_syn(struct emit *e, struct skb_packet *s, struct tcp_socket *t,
		   const struct needs *n, int skip);
void tcp_skip_unless_first_syn(struct emit *e, const struct skb_packet *s,
			       const struct tcp_socket *t, int skip);
/* Reads the headers of a tracepoint's packet; skips what is not TCP. */
void tcp_of_skb(struct emit *e, struct skb_packet *s, const struct needs *n, int skip);
/* A register with the address, perhaps 0, of the word that says whether egress sees v6 SYN,ACKs. */
int tcp_synack_seen(struct emit *e);
/* The state that a socket of TIME_WAIT (a register) is in: FIN_WAIT_2 without an owner too. */
int tcp_timewait_state(struct emit *e, int sk);
/* tcp's arguments: a packet, and a socket of any source. */
void tcp_fire(struct emit *e, const struct packet *p, const struct object *socket);
void tcp_skip_unless_flags(struct emit *e, const struct packet *p, int mask, int value, int skip);

/* tcp_answer.c: what the kernel sends on its own account */
void tcp_way_retransmit_control(struct emit *e, const struct needs *n);
void tcp_way_send_control(struct emit *e, const struct needs *n);
void tcp_way_send_kept(struct emit *e, const struct needs *n);
void tcp_way_send_answer(struct emit *e, const struct needs *n);
void tcp_way_send_left(struct emit *e, const struct needs *n);
void tcp_way_refused_kept(struct emit *e, const struct needs *n);
void tcp_way_accept_refused(struct emit *e, const struct needs *n);
void tcp_way_refused_left(struct emit *e, const struct needs *n);
void tcp_way_retransmit_stopped_answer(struct emit *e, const struct needs *n);
void tcp_way_send_stopped_answer(struct emit *e, const struct needs *n);
void tcp_way_send_stopped_kept(struct emit *e, const struct needs *n);
void tcp_way_refused_stopped(struct emit *e, const struct needs *n);
void tcp_way_send_reset(struct emit *e, const struct needs *n);

/* tcp_stopped.c: segments that a firewall stops on their way out */
void tcp_way_send_stopped(struct emit *e, const struct needs *n);
void tcp_way_retransmit_stopped(struct emit *e, const struct needs *n);
void tcp_way_connect_request_stopped(struct emit *e, const struct needs *n);
/* At kfree_skb: a packet that was stopped, its headers read; skips other packets. False: this
 * kernel tells of none, and there is no code. */
bool tcp_stopped(struct emit *e, struct skb_packet *s, const struct needs *n, int skip);
int tcp_stopped_net(struct emit *e, const struct skb_packet *s); /* register: its namespace */
/* The same with its connection; skips what has no full socket, or a listener's. */
bool tcp_stopped_sent(struct emit *e, struct skb_packet *s, struct tcp_socket *t,
		      const struct needs *n, int skip);

/* tcp_unhooked.c: segments that end before the cgroup hooks */
void tcp_way_receive_unhooked(struct emit *e, const struct needs *n);
/* A segment that TCP was handed and that ends at kfree_skb: version and headers are read. */
void tcp_dropped_segment(struct emit *e, struct skb_packet *s, const struct needs *n, int skip);
/* At cgroup ingress, with the sequence numbers read: a listener's segment is told of. */
void tcp_note_listened(struct emit *e, const struct skb_packet *s, const struct tcp_socket *t);

/* tcp_twice.c: at cgroup ingress, the second look at one segment */
void tcp_skip_second_look(struct emit *e, const struct tcp_socket *t, int skip);

/* tcp_state.c: states */
void tcp_way_connect_established(struct emit *e, const struct needs *n);
void tcp_way_accept_established(struct emit *e, const struct needs *n);
void tcp_way_syn_sent(struct emit *e, const struct needs *n);
void tcp_way_syn_sent_stopped(struct emit *e, const struct needs *n);
void tcp_way_state_change(struct emit *e, const struct needs *n);
void tcp_way_fin_wait_2_segment(struct emit *e, const struct needs *n);
void tcp_way_fin_wait_2_over(struct emit *e, const struct needs *n);

/* The map of segments that may complete a handshake, by 4-tuple. */
int tcp_handshakes(struct emit *e);
