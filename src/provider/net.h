/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hook knows of one network event, while its code is generated, and the
 * pieces that the hooks of ip, tcp and udp share.
 *
 * Each fire function fills a struct net_event and calls cg_clauses(); the
 * natives (native.c) read it.  Registers and places in it are of the program
 * being generated.
 */
#pragma once

#include "codegen/cg.h"

struct net_event {
	/* the packet */
	bool packet;
	struct place skb; /* struct sk_buff */
	int version;	  /* register: 4 or 6 */
	struct place ip;  /* copy of the IP header */
	struct place l4;  /* copy of the TCP or UDP header */
	int l4_offset;	  /* register: where the TCP or UDP header begins in the packet; set when it
			     was read */
	int length;	  /* register: bytes of the IP packet as the buffer has it, -1: skb->len */
	bool sending;	  /* it is on its way out */

	/* the socket */
	bool socket;
	struct place sk; /* struct sock, surely not NULL: see net_sk() */
	bool sk_in_skb;	 /* its address is to be had from the buffer alone */
	struct place tp; /* struct tcp_sock */
	bool full;	 /* tp is good */
	enum { COOKIE_NONE, COOKIE_CTX, COOKIE_HELPER, COOKIE_FIELD, COOKIE_MAYBE } cookie;
	int sk_or_null; /* COOKIE_MAYBE: register, sk's place is good only where it is not 0 */
	bool saved;	/* all that is known lies in a map: a struct net_saved at this place */
	struct place at;
	int rnxt;	 /* register: the next sequence number expected, 0: the socket's rcv_nxt */
	int state, last; /* registers, kernel's numbers; -1: state is the socket's, last unknown */
};

/* A connection whose socket is gone: value of the map that remembers it. */
struct net_saved {
	uint64_t cookie;
	uint64_t local[3], remote[3]; /* as struct item_addr */
	uint16_t lport, rport;
	uint32_t zero;
};

/* The 4-tuple of a connection in one network namespace: key of the maps between hooks. */
struct net_tuple {
	uint64_t net; /* struct net * */
	uint64_t local[2], remote[2];
	uint32_t ports; /* local << 16 | remote, host order */
	uint32_t zero;
};

/* Of a packet kept for a later hook. */
struct net_packet_copy {
	uint64_t skb, dev;
	uint32_t version, length;
	uint8_t ip[40], l4[24];
};

extern const struct hook hook_egress, hook_ingress, hook_dev_queue, hook_receive_skb,
	hook_set_state, hook_kfree_skb;

struct net_event *net_event(struct codegen *cg);

struct place net_sk(struct codegen *cg, const struct net_event *ev);

/* An argument of a typed tracepoint. */
int net_tp_arg(struct codegen *cg, int i);

/* Branches that only test: to skip if reg cond imm. */
void net_skip(struct codegen *cg, enum ir_cond cond, int reg, int64_t imm, int skip);

/* Fills ev->version from an sk_buff's protocol (a register, network order); skips what is not IP.
 */
void net_version(struct codegen *cg, struct net_event *ev, int protocol, int skip);

/* Reads the headers that the clauses need from `base` (a register: address of the IP header). */
void net_headers_at(struct codegen *cg, struct net_event *ev, int base, unsigned ip_bytes,
		    unsigned l4_bytes);
/* The same in a cgroup program. */
void net_headers_cgroup(struct codegen *cg, struct net_event *ev, unsigned ip_bytes,
			unsigned l4_bytes, int skip);

/*
 * cgroup programs: the event's full socket of this type and protocol, in one of
 * these states (a mask of 1 << KTCP_*, 0: any), or skip.
 */
void net_cgroup_socket(struct codegen *cg, struct net_event *ev, int type, int protocol,
		       unsigned states, int skip);

/* A connection's two ends: addresses as struct item_addr has them, ports in host order. */
struct net_ends {
	int local[3], remote[3], lport, rport;
};

void net_sock_ends(struct codegen *cg, const struct net_event *ev, struct net_ends *ends);

/* Words of a socket's address as struct item_addr has them. */
void net_sock_address(struct codegen *cg, const struct net_event *ev, bool local, int word[3]);
void net_sock_port(struct codegen *cg, const struct net_event *ev, bool local, int *port);

/* The stack object with the connection's struct net_tuple: of the socket, or of a received packet.
 */
struct place net_tuple_of_sock(struct codegen *cg, const struct net_event *ev,
			       const struct net_ends *ends);
struct place net_tuple_of_packet(struct codegen *cg, const struct net_event *ev, int net);

enum { TH_FIN = 1, TH_SYN = 2, TH_RST = 4, TH_PUSH = 8, TH_ACK = 16 };
int net_tcp_flags(struct codegen *cg, const struct net_event *ev);
int net_tcp_seq(struct codegen *cg, const struct net_event *ev);

/* Kernel numbers of states (include/net/tcp_states.h, user-visible through ss and sock_diag). */
/* clang-format off */
enum {
	KTCP_ESTABLISHED = 1, KTCP_SYN_SENT, KTCP_SYN_RECV, KTCP_FIN_WAIT1, KTCP_FIN_WAIT2, KTCP_TIME_WAIT,
	KTCP_CLOSE, KTCP_CLOSE_WAIT, KTCP_LAST_ACK, KTCP_LISTEN, KTCP_CLOSING, KTCP_NEW_SYN_RECV,
};
/* clang-format on */
