/* SPDX-License-Identifier: BSD-2-Clause */
/* The tcp provider's own arguments, the union of what the systems publish. */

#pragma D depends_on library net.d

/* FreeBSD's numbers, whatever the kernel's own are. */
inline int32_t TCPS_CLOSED = 0;
inline int32_t TCPS_LISTEN = 1;
inline int32_t TCPS_SYN_SENT = 2;
inline int32_t TCPS_SYN_RECEIVED = 3;
inline int32_t TCPS_ESTABLISHED = 4;
inline int32_t TCPS_CLOSE_WAIT = 5;
inline int32_t TCPS_FIN_WAIT_1 = 6;
inline int32_t TCPS_CLOSING = 7;
inline int32_t TCPS_LAST_ACK = 8;
inline int32_t TCPS_FIN_WAIT_2 = 9;
inline int32_t TCPS_TIME_WAIT = 10;
inline int32_t TCPS_IDLE = -5;
inline int32_t TCPS_BOUND = -6;

inline int32_t TCP_STATE_CLOSED = 0;
inline int32_t TCP_STATE_LISTEN = 1;
inline int32_t TCP_STATE_SYN_SENT = 2;
inline int32_t TCP_STATE_SYN_RECEIVED = 3;
inline int32_t TCP_STATE_ESTABLISHED = 4;
inline int32_t TCP_STATE_CLOSE_WAIT = 5;
inline int32_t TCP_STATE_FIN_WAIT_1 = 6;
inline int32_t TCP_STATE_CLOSING = 7;
inline int32_t TCP_STATE_LAST_ACK = 8;
inline int32_t TCP_STATE_FIN_WAIT_2 = 9;
inline int32_t TCP_STATE_TIME_WAIT = 10;
inline int32_t TCP_STATE_IDLE = -5;
inline int32_t TCP_STATE_BOUND = -6;

inline string tcp_state_string[int32_t state] =
    state == 4 ? "state-established" : state == 0 ? "state-closed" :
    state == 2 ? "state-syn-sent" : state == 3 ? "state-syn-received" :
    state == 6 ? "state-fin-wait-1" : state == 9 ? "state-fin-wait-2" :
    state == 5 ? "state-close-wait" : state == 8 ? "state-last-ack" :
    state == 10 ? "state-time-wait" : state == 1 ? "state-listen" :
    state == 7 ? "state-closing" : "<unknown>";

inline uint8_t TH_FIN = 0x01;
inline uint8_t TH_SYN = 0x02;
inline uint8_t TH_RST = 0x04;
inline uint8_t TH_PUSH = 0x08;
inline uint8_t TH_PSH = 0x08;
inline uint8_t TH_ACK = 0x10;
inline uint8_t TH_URG = 0x20;
inline uint8_t TH_ECE = 0x40;
inline uint8_t TH_CWR = 0x80;

typedef struct tcpinfo {
	uint16_t tcp_sport;
	uint16_t tcp_dport;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
	uint8_t tcp_offset;		/* bytes */
	uint8_t tcp_flags;		/* TH_* */
	uint16_t tcp_window;		/* as sent, unscaled */
	uint16_t tcp_checksum;
	uint16_t tcp_urgent;
	struct tcphdr *tcp_hdr;
} tcpinfo_t;

typedef struct tcplsinfo {
	int32_t tcps_state;		/* the state before */
} tcplsinfo_t;

typedef struct tcpsinfo {
	uintptr_t tcps_addr;
	int32_t tcps_local;		/* 1: both ends are one address */
	int32_t tcps_active;		/* 1: opened from here */
	uint16_t tcps_lport;
	uint16_t tcps_rport;
	string tcps_laddr;
	string tcps_raddr;
	int32_t tcps_state;
	uint32_t tcps_iss;
	uint32_t tcps_irs;
	uint32_t tcps_suna;
	uint32_t tcps_smax;
	uint32_t tcps_snxt;
	uint32_t tcps_rack;		/* what the peer was told is acknowledged */
	uint32_t tcps_rnxt;
	uint32_t tcps_swnd;
	int32_t tcps_snd_ws;
	uint32_t tcps_swl1;
	uint32_t tcps_swl2;		/* acknowledgment number of the segment that told the send window */
	uint32_t tcps_rup;		/* sequence number behind urgent data ahead, else tcps_rnxt */
	uint32_t tcps_radv;
	uint32_t tcps_rwnd;
	int32_t tcps_rcv_ws;
	uint32_t tcps_cwnd;		/* bytes */
	uint32_t tcps_cwnd_ssthresh;	/* bytes */
	uint32_t tcps_srecover;
	uint32_t tcps_sack_fack;
	uint32_t tcps_sack_snxt;
	uint32_t tcps_rto;		/* milliseconds */
	uint32_t tcps_mss;
	int32_t tcps_retransmit;	/* this segment is a retransmission */
	uint32_t tcps_srtt;		/* milliseconds */
	uint32_t tcps_rtt;
	uint32_t tcps_rtt_sd;
	int32_t tcps_debug;		/* 1: SO_DEBUG is set */
	uint32_t tcps_cookie;		/* what a process gave the socket for packet filters: SO_MARK */
	int32_t tcps_dupacks;		/* FreeBSD's alone, as the next two: refused */
	uint32_t tcps_rtttime;
	uint32_t tcps_rtseq;
	uint32_t tcps_ts_recent;
	uint32_t tcps_srtt_us;
	uint32_t tcps_minrtt_us;
	string tcps_congestion;
	uint64_t tcps_delivery_rate;	/* bytes per second, as TCP_INFO has it */
	uint32_t tcps_inflight;		/* segments */
	uint32_t tcps_total_retrans;	/* segments */
} tcpsinfo_t;

translator tcpinfo_t < struct net_packet *p > {
	tcp_sport = p->tcp != NULL ? ntohs(p->tcp->source) : 0;
	tcp_dport = p->tcp != NULL ? ntohs(p->tcp->dest) : 0;
	tcp_seq = p->tcp != NULL ? ntohl(p->tcp->seq) : 0;
	tcp_ack = p->tcp != NULL ? ntohl(p->tcp->ack_seq) : 0;
	tcp_offset = p->tcp != NULL ? p->tcp->doff * 4 : 0;
	/* all eight flags are the byte behind the data offset */
	tcp_flags = p->tcp != NULL ? p->tcp->th_flags : 0;
	tcp_window = p->tcp != NULL ? ntohs(p->tcp->window) : 0;
	tcp_checksum = p->tcp != NULL ? ntohs(p->tcp->check) : 0;
	tcp_urgent = p->tcp != NULL ? ntohs(p->tcp->urg_ptr) : 0;
	tcp_hdr = (struct tcphdr *)p->transport;
};

translator tcplsinfo_t < struct tcp_socket *s > {
	tcps_state = s->last;
};

/*
 * The initial sequence numbers are not kept: what was acknowledged and received
 * since is counted from them. The SYN of an active open is among the
 * acknowledged bytes, that of a passive one is not (tcp_rcv_state_process()).
 */
translator tcpsinfo_t < struct tcp_socket *s > {
	tcps_addr = (uintptr_t)s->sk;
	tcps_local = s->rport != 0 && s->laddr == s->raddr;
	tcps_active = s->active;
	tcps_lport = s->lport;
	tcps_rport = s->rport;
	tcps_laddr = s->laddr;
	tcps_raddr = s->raddr;
	tcps_state = s->state;
	tcps_iss = s->tp != NULL && s->state != TCPS_LISTEN ?
	    s->tp->snd_una - (uint32_t)s->tp->bytes_acked - !s->active : s->iss;
	tcps_irs = s->tp != NULL && s->tp->rcv_nxt != 0 ?
	    s->tp->rcv_nxt - (uint32_t)s->tp->bytes_received - 1 : s->irs;
	tcps_suna = s->tp != NULL ? s->tp->snd_una : 0;
	tcps_smax = s->tp != NULL ? s->tp->snd_nxt : 0;
	tcps_snxt = s->tp != NULL ? s->tp->snd_nxt : 0;
	tcps_rack = s->tp != NULL ? s->tp->rcv_wup : 0;
	tcps_rnxt = s->rnxt;
	tcps_swnd = s->tp != NULL ? s->tp->snd_wnd : 0;
	tcps_snd_ws = s->tp != NULL ? s->tp->rx_opt.snd_wscale : 0;
	tcps_swl1 = s->tp != NULL ? s->tp->snd_wl1 : 0;
	/* each segment that acknowledges anew tells the window too, and an older one never does: no snd_wl2 is kept */
	tcps_swl2 = s->tp != NULL ? s->tp->snd_una : 0;
	/* urg_seq is the urgent byte's own, or, where the pointer is read as RFC 1122 has it, that of the next */
	tcps_rup = s->tp == NULL ? 0 : s->tp->urg_data != 0 && (int32_t)(s->tp->urg_seq +
	    (s->tp->inet_conn.icsk_inet.sk.__sk_common.skc_net.net->ipv4.sysctl_tcp_stdurg == 0) - s->rnxt) > 0 ?
	    s->tp->urg_seq +
	    (s->tp->inet_conn.icsk_inet.sk.__sk_common.skc_net.net->ipv4.sysctl_tcp_stdurg == 0) : s->rnxt;
	tcps_radv = s->tp != NULL ? s->tp->rcv_wup + s->tp->rcv_wnd : 0;
	tcps_rwnd = s->tp != NULL ? s->tp->rcv_wnd : 0;
	/* what a SYN offers is not in force yet */
	tcps_rcv_ws = s->tp != NULL && s->tp->rx_opt.wscale_ok ? s->tp->rx_opt.rcv_wscale : 0;
	tcps_cwnd = s->tp != NULL ? s->tp->snd_cwnd * s->tp->mss_cache : 0;
	tcps_cwnd_ssthresh = s->tp != NULL ?
	    (s->tp->snd_ssthresh >= 0x7fffffff ? 0x7fffffff : s->tp->snd_ssthresh * s->tp->mss_cache) : 0;
	tcps_srecover = s->tp != NULL ? s->tp->high_seq : 0;
	tcps_sack_fack = s->tp == NULL ? 0 : s->tp->sacked_out == 0 ? s->tp->snd_una :
	    s->tp->highest_sack == NULL ? s->tp->snd_nxt : *(uint32_t *)&s->tp->highest_sack->cb[0];
	tcps_sack_snxt = s->tp == NULL ? 0 : s->tp->retransmit_skb_hint == NULL ? s->tp->snd_una :
	    *(uint32_t *)&s->tp->retransmit_skb_hint->cb[0];
	tcps_rto = s->tp != NULL ? (uint32_t)(s->tp->inet_conn.icsk_rto * (uint64_t)__jiffy_ns / 1000000) : 0;
	tcps_mss = s->tp != NULL ? s->tp->mss_cache : 0;
	tcps_retransmit = s->retransmit;
	tcps_srtt = s->tp != NULL ? (s->tp->srtt_us >> 3) / 1000 : 0;
	tcps_rtt = s->tp != NULL ? s->tp->rack.rtt_us / 1000 : 0;
	tcps_rtt_sd = s->tp != NULL ? (s->tp->mdev_us >> 2) / 1000 : 0;
	tcps_debug = s->tp != NULL ?
	    s->tp->inet_conn.icsk_inet.sk.__sk_common.skc_flags >> SOCK_DBG & 1 : 0;
	tcps_cookie = s->tp != NULL ? s->tp->inet_conn.icsk_inet.sk.sk_mark : 0;
	tcps_dupacks : "duplicate ACKs are not counted; use tcps_sack_fack, tcps_inflight or tcps_total_retrans";
	tcps_rtttime : "every segment is timed, not a chosen one; use tcps_rtt or tcps_srtt_us";
	tcps_rtseq : "every segment is timed, not a chosen one; use tcps_suna";
	tcps_ts_recent = s->tp != NULL ? s->tp->rx_opt.ts_recent : 0;
	tcps_srtt_us = s->tp != NULL ? s->tp->srtt_us >> 3 : 0;
	/* ~0: no sample yet */
	tcps_minrtt_us = s->tp != NULL && s->tp->rtt_min.s[0].v != 0xffffffff ?
	    s->tp->rtt_min.s[0].v : 0;
	tcps_congestion = s->tp != NULL ? stringof(s->tp->inet_conn.icsk_ca_ops->name) : "<unknown>";
	/* tcp_compute_delivery_rate() */
	tcps_delivery_rate = s->tp != NULL && s->tp->rate_interval_us != 0 ?
	    (uint64_t)s->tp->rate_delivered * s->tp->mss_cache * 1000000 / s->tp->rate_interval_us : 0;
	tcps_inflight = s->tp != NULL ? s->tp->packets_out - s->tp->sacked_out - s->tp->lost_out +
	    s->tp->retrans_out : 0;
	tcps_total_retrans = s->tp != NULL ? s->tp->total_retrans : 0;
};
