/* SPDX-License-Identifier: BSD-2-Clause */
/* The udplite provider's own arguments: RFC 3828. */

#pragma D depends_on library net.d

/* UDP's header, with the coverage of the checksum in place of the length. */
struct udplitehdr {
	uint16_t udplh_sport;
	uint16_t udplh_dport;
	uint16_t udplh_coverage;
	uint16_t udplh_checksum;
};

typedef struct udpliteinfo {
	uint16_t udplite_sport;
	uint16_t udplite_dport;
	uint16_t udplite_coverage;	/* bytes that the checksum covers, header included; 0: all */
	uint16_t udplite_checksum;
	struct udplitehdr *udplite_hdr;
} udpliteinfo_t;

typedef struct udplitesinfo {
	uintptr_t udplites_addr;
	uint16_t udplites_lport;
	uint16_t udplites_rport;
	string udplites_laddr;
	string udplites_raddr;
} udplitesinfo_t;

translator udpliteinfo_t < struct net_packet *p > {
	udplite_sport = p->udp != NULL ? ntohs(p->udp->source) : 0;
	udplite_dport = p->udp != NULL ? ntohs(p->udp->dest) : 0;
	udplite_coverage = p->udp != NULL ? ntohs(p->udp->len) : 0;
	udplite_checksum = p->udp != NULL ? ntohs(p->udp->check) : 0;
	udplite_hdr = (struct udplitehdr *)p->transport;
};

translator udplitesinfo_t < struct net_socket *s > {
	udplites_addr = (uintptr_t)s->sk;
	udplites_lport = s->lport;
	udplites_rport = s->rport;
	udplites_laddr = s->laddr;
	udplites_raddr = s->raddr;
};
