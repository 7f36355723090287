/* SPDX-License-Identifier: BSD-2-Clause */
/* The udp provider's own arguments. */

#pragma D depends_on library net.d

typedef struct udpinfo {
	uint16_t udp_sport;
	uint16_t udp_dport;
	uint16_t udp_length;		/* header and payload */
	uint16_t udp_checksum;
	struct udphdr *udp_hdr;
} udpinfo_t;

typedef struct udpsinfo {
	uintptr_t udps_addr;
	uint16_t udps_lport;
	uint16_t udps_rport;
	string udps_laddr;
	string udps_raddr;
} udpsinfo_t;

translator udpinfo_t < struct net_packet *p > {
	udp_sport = p->udp != NULL ? ntohs(p->udp->source) : 0;
	udp_dport = p->udp != NULL ? ntohs(p->udp->dest) : 0;
	udp_length = p->udp != NULL ? ntohs(p->udp->len) : 0;
	udp_checksum = p->udp != NULL ? ntohs(p->udp->check) : 0;
	udp_hdr = (struct udphdr *)p->transport;
};

translator udpsinfo_t < struct net_socket *s > {
	udps_addr = (uintptr_t)s->sk;
	udps_lport = s->lport;
	udps_rport = s->rport;
	udps_laddr = s->laddr;
	udps_raddr = s->raddr;
};
