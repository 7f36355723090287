/* SPDX-License-Identifier: BSD-2-Clause */
/* The ip provider's own arguments. */

#pragma D depends_on library net.d

typedef struct ifinfo {
	string if_name;
	int8_t if_local;		/* 1: loopback */
	netstackid_t if_ipstack;	/* network namespace: its inode */
	uintptr_t if_addr;		/* struct net_device */
} ifinfo_t;

typedef struct ipv4info {
	uint8_t ipv4_ver;
	uint8_t ipv4_ihl;		/* bytes */
	uint8_t ipv4_tos;
	uint16_t ipv4_length;		/* header and payload */
	uint16_t ipv4_ident;
	uint8_t ipv4_flags;		/* IPH_DF, IPH_MF */
	uint16_t ipv4_offset;		/* of a fragment, in 8 bytes */
	uint8_t ipv4_ttl;
	uint8_t ipv4_protocol;
	string ipv4_protostr;
	uint16_t ipv4_checksum;
	ipaddr_t ipv4_src;		/* network order */
	ipaddr_t ipv4_dst;
	string ipv4_saddr;
	string ipv4_daddr;
	struct iphdr *ipv4_hdr;
} ipv4info_t;

typedef struct ipv6info {
	uint8_t ipv6_ver;
	uint8_t ipv6_tclass;
	uint32_t ipv6_flow;
	uint16_t ipv6_plen;		/* payload */
	uint8_t ipv6_nexthdr;
	string ipv6_nextstr;
	uint8_t ipv6_hlim;
	in6_addr_t *ipv6_src;
	in6_addr_t *ipv6_dst;
	string ipv6_saddr;
	string ipv6_daddr;
	struct ipv6hdr *ipv6_hdr;
} ipv6info_t;

inline uint8_t IPH_DF = 2;
inline uint8_t IPH_MF = 1;

translator ifinfo_t < struct net_packet *p > {
	if_name = p->dev != NULL ? stringof(p->dev->name) : "<null>";
	if_local = p->dev != NULL ? (p->dev->flags & 8) != 0 : 0;
	if_ipstack = p->dev != NULL ? p->dev->nd_net.net->ns.inum : 0;
	if_addr = (uintptr_t)p->dev;
};

translator ipv4info_t < struct net_packet *p > {
	ipv4_ver = p->ip4 != NULL ? p->ip4->version : 0;
	ipv4_ihl = p->ip4 != NULL ? p->ip4->ihl * 4 : 0;
	ipv4_tos = p->ip4 != NULL ? p->ip4->tos : 0;
	ipv4_length = p->ip4 != NULL ? ntohs(p->ip4->tot_len) : 0;
	ipv4_ident = p->ip4 != NULL ? ntohs(p->ip4->id) : 0;
	ipv4_flags = p->ip4 != NULL ? ntohs(p->ip4->frag_off) >> 13 : 0;
	ipv4_offset = p->ip4 != NULL ? ntohs(p->ip4->frag_off) & 0x1fff : 0;
	ipv4_ttl = p->ip4 != NULL ? p->ip4->ttl : 0;
	ipv4_protocol = p->ip4 != NULL ? p->ip4->protocol : 0;
	ipv4_protostr = p->ip4 != NULL ? ip_protocol_string[p->ip4->protocol] : "<null>";
	ipv4_checksum = p->ip4 != NULL ? ntohs(p->ip4->check) : 0;
	ipv4_src = p->ip4 != NULL ? p->ip4->saddr : 0;
	ipv4_dst = p->ip4 != NULL ? p->ip4->daddr : 0;
	ipv4_saddr = p->ip4 != NULL ? inet_ntoa(&p->ip4->saddr) : "<null>";
	ipv4_daddr = p->ip4 != NULL ? inet_ntoa(&p->ip4->daddr) : "<null>";
	ipv4_hdr = (struct iphdr *)(p->ip4 != NULL ? p->header : 0);
};

translator ipv6info_t < struct net_packet *p > {
	ipv6_ver = p->ip6 != NULL ? p->ip6->version : 0;
	ipv6_tclass = p->ip6 != NULL ? p->ip6->priority << 4 | p->ip6->flow_lbl[0] >> 4 : 0;
	ipv6_flow = p->ip6 != NULL ? (p->ip6->flow_lbl[0] & 0xf) << 16 |
	    p->ip6->flow_lbl[1] << 8 | p->ip6->flow_lbl[2] : 0;
	ipv6_plen = p->ip6 != NULL ? ntohs(p->ip6->payload_len) : 0;
	ipv6_nexthdr = p->ip6 != NULL ? p->ip6->nexthdr : 0;
	ipv6_nextstr = p->ip6 != NULL ? ip_protocol_string[p->ip6->nexthdr] : "<null>";
	ipv6_hlim = p->ip6 != NULL ? p->ip6->hop_limit : 0;
	ipv6_src = (in6_addr_t *)(p->ip6 != NULL ? p->header + 8 : 0);
	ipv6_dst = (in6_addr_t *)(p->ip6 != NULL ? p->header + 24 : 0);
	ipv6_saddr = p->ip6 != NULL ? inet_ntoa6(&p->ip6->saddr) : "<null>";
	ipv6_daddr = p->ip6 != NULL ? inet_ntoa6(&p->ip6->daddr) : "<null>";
	ipv6_hdr = (struct ipv6hdr *)(p->ip6 != NULL ? p->header : 0);
};
