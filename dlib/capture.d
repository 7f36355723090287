/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arguments of probes that a capture fires: what its packets tell. What only the
 * host knew is refused by name.
 */

#pragma D depends_on library net.d
#pragma D depends_on library ip.d
#pragma D depends_on library tcp.d
#pragma D depends_on library udp.d

/* src/capture/event.h has the same, member for member. */
struct captured_end {
	int32_t state;
	int32_t last;
	int32_t active;
	int32_t retransmit;
	uint32_t iss, irs;
	uint32_t suna, snxt, smax;
	uint32_t rnxt, rack;
	uint32_t swnd, rwnd;
	uint32_t swl1, swl2;
	int32_t snd_ws, rcv_ws;
	uint32_t mss;
	uint32_t ts_recent;
	uint32_t srtt_us, rtt_us, rttvar_us, rto_us, minrtt_us;
	uint32_t total_retrans, inflight;
	uint32_t sack_fack, sack_snxt;
};

struct captured {
	uint64_t time;
	uint64_t address;
	uint64_t cookie;
	uint32_t length;
	uint32_t l4_at;
	uint32_t zone;
	int32_t pid;
	uint16_t lport, rport;
	uint8_t version;
	uint8_t local;
	uint8_t unused[2];
	union {
		uint32_t laddr4;
		struct in6_addr laddr6;
	};
	union {
		uint32_t raddr4;
		struct in6_addr raddr6;
	};
	char if_name[16];
	char execname[16];
	union {
		struct iphdr ip4;
		struct ipv6hdr ip6;
	};
	union {
		struct tcphdr tcp;
		struct udphdr udp;
		uint8_t l4[24];
	};
	struct captured_end end;
};

translator pktinfo_t < struct captured *p > {
	pkt_addr = p->address;
};

translator csinfo_t < struct captured *p > {
	cs_addr : "a capture has no sockets; cs_cid tells connections apart";
	cs_cid = p->cookie;
	cs_zoneid = p->zone;
	cs_pid = p->pid;
	cs_uid : "a capture does not say whose a socket was";
	cs_cgroup : "a capture does not say whose a socket was";
	cs_execname = p->execname;
	cs_cgroupname : "a capture does not say whose a socket was";
	cs_netns = "";
};

translator ipinfo_t < struct captured *p > {
	ip_ver = p->version;
	ip_plength = p->version == 4 ?
	    (p->ip4.tot_len != 0 ? ntohs(p->ip4.tot_len) : p->length) - p->ip4.ihl * 4 :
	    (p->ip6.payload_len != 0 ? ntohs(p->ip6.payload_len) : p->length - 40);
	ip_saddr = p->version == 4 ? inet_ntoa(&p->ip4.saddr) : inet_ntoa6(&p->ip6.saddr);
	ip_daddr = p->version == 4 ? inet_ntoa(&p->ip4.daddr) : inet_ntoa6(&p->ip6.daddr);
};

translator ifinfo_t < struct captured *p > {
	if_name = p->if_name;
	if_local = p->local;
	if_ipstack = p->zone;
	if_addr : "a capture has no devices; use if_name";
};

translator ipv4info_t < struct captured *p > {
	ipv4_ver = p->version == 4 ? p->ip4.version : 0;
	ipv4_ihl = p->version == 4 ? p->ip4.ihl * 4 : 0;
	ipv4_tos = p->version == 4 ? p->ip4.tos : 0;
	ipv4_length = p->version == 4 ? ntohs(p->ip4.tot_len) : 0;
	ipv4_ident = p->version == 4 ? ntohs(p->ip4.id) : 0;
	ipv4_flags = p->version == 4 ? ntohs(p->ip4.frag_off) >> 13 : 0;
	ipv4_offset = p->version == 4 ? ntohs(p->ip4.frag_off) & 0x1fff : 0;
	ipv4_ttl = p->version == 4 ? p->ip4.ttl : 0;
	ipv4_protocol = p->version == 4 ? p->ip4.protocol : 0;
	ipv4_protostr = p->version == 4 ? ip_protocol_string[p->ip4.protocol] : "<null>";
	ipv4_checksum = p->version == 4 ? ntohs(p->ip4.check) : 0;
	ipv4_src = p->version == 4 ? p->ip4.saddr : 0;
	ipv4_dst = p->version == 4 ? p->ip4.daddr : 0;
	ipv4_saddr = p->version == 4 ? inet_ntoa(&p->ip4.saddr) : "<null>";
	ipv4_daddr = p->version == 4 ? inet_ntoa(&p->ip4.daddr) : "<null>";
	ipv4_hdr = (struct iphdr *)(p->version == 4 ? p->address : 0);
};

translator ipv6info_t < struct captured *p > {
	ipv6_ver = p->version == 6 ? p->ip6.version : 0;
	ipv6_tclass = p->version == 6 ? p->ip6.priority << 4 | p->ip6.flow_lbl[0] >> 4 : 0;
	ipv6_flow = p->version == 6 ? (p->ip6.flow_lbl[0] & 0xf) << 16 |
	    p->ip6.flow_lbl[1] << 8 | p->ip6.flow_lbl[2] : 0;
	ipv6_plen = p->version == 6 ? ntohs(p->ip6.payload_len) : 0;
	ipv6_nexthdr = p->version == 6 ? p->ip6.nexthdr : 0;
	ipv6_nextstr = p->version == 6 ? ip_protocol_string[p->ip6.nexthdr] : "<null>";
	ipv6_hlim = p->version == 6 ? p->ip6.hop_limit : 0;
	ipv6_src = (in6_addr_t *)(p->version == 6 ? p->address + 8 : 0);
	ipv6_dst = (in6_addr_t *)(p->version == 6 ? p->address + 24 : 0);
	ipv6_saddr = p->version == 6 ? inet_ntoa6(&p->ip6.saddr) : "<null>";
	ipv6_daddr = p->version == 6 ? inet_ntoa6(&p->ip6.daddr) : "<null>";
	ipv6_hdr = (struct ipv6hdr *)(p->version == 6 ? p->address : 0);
};

translator udpinfo_t < struct captured *p > {
	udp_sport = ntohs(p->udp.source);
	udp_dport = ntohs(p->udp.dest);
	udp_length = ntohs(p->udp.len);
	udp_checksum = ntohs(p->udp.check);
	udp_hdr = (struct udphdr *)(p->address + p->l4_at);
};

translator udpsinfo_t < struct captured *p > {
	udps_addr : "a capture has no sockets; use the addresses and ports";
	udps_lport = p->lport;
	udps_rport = p->rport;
	udps_laddr = p->version == 4 ? inet_ntoa(&p->laddr4) : inet_ntoa6(&p->laddr6);
	udps_raddr = p->version == 4 ? inet_ntoa(&p->raddr4) : inet_ntoa6(&p->raddr6);
};

translator tcpinfo_t < struct captured *p > {
	tcp_sport = ntohs(p->tcp.source);
	tcp_dport = ntohs(p->tcp.dest);
	tcp_seq = ntohl(p->tcp.seq);
	tcp_ack = ntohl(p->tcp.ack_seq);
	tcp_offset = p->tcp.doff * 4;
	tcp_flags = p->tcp.th_flags;
	tcp_window = ntohs(p->tcp.window);
	tcp_checksum = ntohs(p->tcp.check);
	tcp_urgent = ntohs(p->tcp.urg_ptr);
	tcp_hdr = (struct tcphdr *)(p->address + p->l4_at);
};

translator tcplsinfo_t < struct captured *p > {
	tcps_state = p->end.last;
};

translator tcpsinfo_t < struct captured *p > {
	tcps_addr : "a capture has no sockets; cs_cid tells connections apart";
	tcps_local = p->rport != 0 && (p->version == 4 ? p->laddr4 == p->raddr4 :
	    inet_ntoa6(&p->laddr6) == inet_ntoa6(&p->raddr6));
	tcps_active = p->end.active;
	tcps_lport = p->lport;
	tcps_rport = p->rport;
	tcps_laddr = p->version == 4 ? inet_ntoa(&p->laddr4) : inet_ntoa6(&p->laddr6);
	tcps_raddr = p->version == 4 ? inet_ntoa(&p->raddr4) : inet_ntoa6(&p->raddr6);
	tcps_state = p->end.state;
	tcps_iss = p->end.iss;
	tcps_irs = p->end.irs;
	tcps_suna = p->end.suna;
	tcps_smax = p->end.smax;
	tcps_snxt = p->end.snxt;
	tcps_rack = p->end.rack;
	tcps_rnxt = p->end.rnxt;
	tcps_swnd = p->end.swnd;
	tcps_snd_ws = p->end.snd_ws;
	tcps_swl1 = p->end.swl1;
	tcps_swl2 = p->end.swl2;
	tcps_rup : "whether a process has read urgent data does not show in packets; use tcp_urgent";
	tcps_radv = p->end.rack + p->end.rwnd;
	tcps_rwnd = p->end.rwnd;
	tcps_rcv_ws = p->end.rcv_ws;
	tcps_cwnd : "the congestion window does not show in packets; use tcps_inflight";
	tcps_cwnd_ssthresh : "the slow start threshold does not show in packets";
	tcps_srecover : "where recovery ends does not show in packets; use tcps_sack_fack";
	tcps_sack_fack = p->end.sack_fack;
	tcps_sack_snxt = p->end.sack_snxt;
	tcps_rto = p->end.rto_us / 1000;
	tcps_mss = p->end.mss;
	tcps_retransmit = p->end.retransmit;
	tcps_srtt = p->end.srtt_us / 1000;
	tcps_rtt = p->end.rtt_us / 1000;
	tcps_rtt_sd = p->end.rttvar_us / 1000;
	tcps_debug : "options of a socket do not show in packets";
	tcps_cookie : "options of a socket do not show in packets";
	tcps_dupacks : "duplicate ACKs are not counted; use tcps_sack_fack, tcps_inflight or tcps_total_retrans";
	tcps_rtttime : "every segment is timed, not a chosen one; use tcps_rtt or tcps_srtt_us";
	tcps_rtseq : "every segment is timed, not a chosen one; use tcps_suna";
	tcps_ts_recent = p->end.ts_recent;
	tcps_srtt_us = p->end.srtt_us;
	tcps_minrtt_us = p->end.minrtt_us;
	tcps_congestion : "the way of congestion control does not show in packets";
	tcps_delivery_rate : "what the sender measured does not show in packets";
	tcps_inflight = p->end.inflight;
	tcps_total_retrans = p->end.total_retrans;
};
