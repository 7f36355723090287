/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets: struct net_packet of dlib/net.d.  Whatever the source, the headers
 * that clauses read are copied once to the firing's memory, and looked at there.
 */
#pragma once

#include "source/source.h"

struct packet {
	struct object object;
	int version;	 /* register: 4 or 6 */
	struct place ip; /* copy of the IP header */
	struct place l4; /* copy of the TCP or UDP header */
	int l4_offset;	 /* register: where the TCP or UDP header begins; -1: not looked for. Ways
			    alone ask, so it is not carried */
	int length;	 /* register: bytes of the IP packet as the buffer has it */
};

extern const struct object_source source_skb_packet, source_kept_packet, source_no_packet;

/* --- packet.c: the headers --- */

/* Sets the version by an Ethernet protocol (a register, network order); skips what is not IP. */
void packet_version(struct emit *e, struct packet *p, int protocol, int skip);
int packet_tcp_flags(struct emit *e, const struct packet *p);
int packet_tcp_seq(struct emit *e, const struct packet *p);
int packet_tcp_ack(struct emit *e, const struct packet *p);
/* The sequence number behind the segment: payload, SYN and FIN count. */
int packet_tcp_end(struct emit *e, const struct packet *p, int seq);
enum { TH_FIN = 1, TH_SYN = 2, TH_RST = 4, TH_ACK = 16 };
/* Protocol or next header; what lies behind v6 extension headers is not looked for. */
int packet_protocol(struct emit *e, const struct packet *p);

/* Members that all packets share. */
void packet_member_length(struct emit *e, const struct object *o, struct value *out);
void packet_member_version(struct emit *e, const struct object *o, struct value *out);
void packet_member_ip4(struct emit *e, const struct object *o, struct value *out);
void packet_member_ip6(struct emit *e, const struct object *o, struct value *out);
void packet_member_l4(struct emit *e, const struct object *o, struct value *out);
void packet_carry(struct emit *e, struct packet *p);

/* --- skb.c: a packet in an skb --- */

struct skb_packet {
	struct packet p;
	struct place skb;
	bool in_argument; /* skb is the tracepoint's first argument, else the program's context */
	int dev;	  /* register: device whose packet it is, where not skb->dev; -1: that */
};

/* How much of the headers is read: what the way itself looks at, or clauses if they need more. */
struct header_bytes {
	unsigned ip, l4;
};

/* The context of a cgroup_skb program: version and headers; skips what is too short. */
void skb_of_cgroup(struct emit *e, struct skb_packet *s, struct header_bytes own,
		   const struct needs *n, int skip);
/* The first argument of a typed tracepoint: version; skips what is not IP. */
void skb_of_tracepoint(struct emit *e, struct skb_packet *s, int skip);
/* Its headers, from an address on (a register). */
void skb_headers_at(struct emit *e, struct skb_packet *s, int base, struct header_bytes own,
		    const struct needs *n);
/* The packet as an argument that is NULL unless it is of this version of IP. */
void skb_of_version(const struct skb_packet *s, struct skb_packet *out, int version);
int skb_network_header(struct emit *e, const struct skb_packet *s); /* register: address */
int skb_field(struct emit *e, const struct skb_packet *s, const char *path);

/* --- kept_packet.c: a packet kept for a later hook --- */

struct kept_packet {
	struct packet p;
	int skb, dev; /* registers: addresses */
	int note;     /* register: the way's; not carried */
};

uint32_t kept_packet_size(void);
/* Copies what is kept into a map's value in the making, until a time, with a number of the
 * way's (registers, -1: 0). */
struct place kept_packet_store(struct emit *e, const struct skb_packet *s, int until, int note);
/* What such a value, at an address (a register), has. */
void kept_packet_load(struct emit *e, struct kept_packet *k, int address);

/* No packet at all: args[0], args[2] and args[4] of tcp:::state-change are NULL. */
void no_packet(struct packet *p);

/* --- for tests of one register --- */

/* if (reg cond imm) goto skip: a test of whether the way fires */
void skip_if(struct emit *e, enum ir_cond cond, int reg, int64_t imm, int skip);
/* An argument of a typed tracepoint. */
int tracepoint_arg(struct emit *e, int i);
