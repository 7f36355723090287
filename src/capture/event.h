/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a script sees of a captured packet: the program's context, and struct
 * captured of dlib/capture.d, member for member (a unit test holds them together).
 */
#pragma once

#include <stdint.h>

/* The probes that a capture fires, in the order of captured_probes[]. */
enum captured_kind {
	CAPTURED_IP_SEND,
	CAPTURED_IP_RECEIVE,
	CAPTURED_UDP_SEND,
	CAPTURED_UDP_RECEIVE,
	CAPTURED_TCP_SEND,
	CAPTURED_TCP_RECEIVE,
	CAPTURED_TCP_RETRANSMIT,
	CAPTURED_TCP_STATE_CHANGE,
	CAPTURED_TCP_CONNECT_REQUEST,
	CAPTURED_TCP_CONNECT_ESTABLISHED,
	CAPTURED_TCP_CONNECT_REFUSED,
	CAPTURED_TCP_ACCEPT_ESTABLISHED,
	CAPTURED_TCP_ACCEPT_REFUSED,
	CAPTURED_KINDS,
};

/* One end of a connection, as far as the packets tell. Numbers in host order, times in us. */
struct captured_end {
	int32_t state; /* TCPS_*: FreeBSD's numbers */
	int32_t last;  /* state-change: the one before */
	int32_t active;
	int32_t retransmit; /* the segment at hand */
	uint32_t iss, irs;
	uint32_t suna, snxt, smax; /* sent: acknowledged, next, highest */
	uint32_t rnxt, rack;	   /* received: expected next; what the peer was told */
	uint32_t swnd, rwnd;	   /* bytes, scaled */
	uint32_t swl1, swl2;
	int32_t snd_ws, rcv_ws;
	uint32_t mss;
	uint32_t ts_recent;
	uint32_t srtt_us, rtt_us, rttvar_us, rto_us, minrtt_us;
	uint32_t total_retrans, inflight;
	uint32_t sack_fack, sack_snxt;
};

struct captured {
	uint64_t time;	  /* ns since 1970 */
	uint64_t address; /* of the packet's bytes, from its IP header on */
	uint64_t cookie;  /* the connection: from 1 on, as they appear; 0: none */
	uint32_t length;  /* bytes from the IP header on, as they were on the wire */
	uint32_t l4_at;	  /* where the TCP or UDP header begins; 0: there is none */
	uint32_t zone;
	int32_t pid; /* -1: the file does not say */
	uint16_t lport, rport;
	uint8_t version; /* 4, 6 */
	uint8_t local;	 /* of a loopback device */
	uint8_t unused[2];
	uint8_t laddr[16], raddr[16]; /* of version 4: the first four bytes */
	char if_name[16];
	char execname[16];
	uint8_t ip[40]; /* the header; what the file has not is 0 */
	uint8_t l4[24];
	struct captured_end end; /* probes of tcp */
};
