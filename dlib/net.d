/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the network providers share: headers, the native structs, and the
 * arguments that ip, tcp and udp have in common.
 */

/*
 * Headers as they are on the wire, so that nothing that reads one needs a kernel
 * that describes it. Names and layout are those of Linux's headers for
 * programs, then those of BSD where C libraries have both. Integers are in
 * network order.
 */
struct in6_addr {
	union {
		union {
			uint8_t u6_addr8[16];
			uint16_t u6_addr16[8];
			uint32_t u6_addr32[4];
		} in6_u;
		uint8_t s6_addr[16];
		uint8_t s6_addr8[16];
		uint16_t s6_addr16[8];
		uint32_t s6_addr32[4];
	};
};

typedef struct in6_addr in6_addr_t;

struct iphdr {
	uint8_t ihl : 4, version : 4;
	uint8_t tos;
	uint16_t tot_len;
	uint16_t id;
	uint16_t frag_off;
	uint8_t ttl;
	uint8_t protocol;
	uint16_t check;
	union {
		struct {
			uint32_t saddr;
			uint32_t daddr;
		};
		struct {
			uint32_t saddr;
			uint32_t daddr;
		} addrs;
	};
};

struct ipv6hdr {
	uint8_t priority : 4, version : 4;
	uint8_t flow_lbl[3];
	uint16_t payload_len;
	uint8_t nexthdr;
	uint8_t hop_limit;
	union {
		struct {
			struct in6_addr saddr;
			struct in6_addr daddr;
		};
		struct {
			struct in6_addr saddr;
			struct in6_addr daddr;
		} addrs;
	};
};

struct tcphdr {
	union {
		struct {
			uint16_t source;
			uint16_t dest;
			uint32_t seq;
			uint32_t ack_seq;
			union {
				struct {
					uint16_t res1 : 4, doff : 4;
					uint16_t fin : 1, syn : 1, rst : 1, psh : 1;
					uint16_t ack : 1, urg : 1, ece : 1, cwr : 1;
				};
				uint16_t ae : 1;	/* once part of res1 */
			};
			uint16_t window;
			uint16_t check;
			uint16_t urg_ptr;
		};
		struct {
			uint16_t th_sport;
			uint16_t th_dport;
			uint32_t th_seq;
			uint32_t th_ack;
			uint8_t th_x2 : 4, th_off : 4;
			uint8_t th_flags;	/* TH_* */
			uint16_t th_win;
			uint16_t th_sum;
			uint16_t th_urp;
		};
	};
};

struct udphdr {
	union {
		struct {
			uint16_t source;
			uint16_t dest;
			uint16_t len;
			uint16_t check;
		};
		struct {
			uint16_t uh_sport;
			uint16_t uh_dport;
			uint16_t uh_ulen;
			uint16_t uh_sum;
		};
	};
};

struct icmphdr {
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
	union {
		struct {
			uint16_t id;
			uint16_t sequence;
		} echo;
		uint32_t gateway;
		struct {
			uint16_t __unused;
			uint16_t mtu;
		} frag;
		uint8_t reserved[4];
	} un;
};

struct icmp6hdr {
	uint8_t icmp6_type;
	uint8_t icmp6_code;
	uint16_t icmp6_cksum;
	union {
		uint32_t un_data32[1];
		uint16_t un_data16[2];
		uint8_t un_data8[4];
		struct icmpv6_echo {
			uint16_t identifier;
			uint16_t sequence;
		} u_echo;
		struct icmpv6_nd_advt {
			uint32_t reserved : 5, override : 1, solicited : 1, router : 1;
			uint32_t reserved2 : 24;
		} u_nd_advt;
		struct icmpv6_nd_ra {
			uint8_t hop_limit;
			uint8_t reserved : 3, router_pref : 2, home_agent : 1, other : 1, managed : 1;
			uint16_t rt_lifetime;
		} u_nd_ra;
	} icmp6_dataun;
};

/* The common header; chunks follow. */
struct sctphdr {
	uint16_t source;
	uint16_t dest;
	uint32_t vtag;
	uint32_t checksum;		/* little endian */
};

/*
 * struct net_packet, net_socket and tcp_socket are what a hook knows of a packet
 * and of a socket. They have no memory: the tracer makes each member when it is
 * used. A pointer that does not apply is NULL; integers of what is not known
 * are 0, addresses "<unknown>".
 */
struct net_packet {
	uintptr_t skb;			/* address of the struct sk_buff */
	uint8_t version;		/* 4, 6 */
	uint32_t length;		/* bytes from the IP header on, as the buffer has them */
	uintptr_t header;		/* address of the IP header */
	uintptr_t transport;		/* address of the TCP or UDP header */
	struct iphdr *ip4;
	struct ipv6hdr *ip6;
	struct tcphdr *tcp;
	struct udphdr *udp;
	struct net_device *dev;
};

/* What every source of sockets offers (src/source/). */
struct net_socket {
	struct sock *sk;
	uint32_t zone;			/* network namespace, of the packet's device if not of sk: inode */
	uint64_t cookie;
	string laddr;
	string raddr;
	uint16_t lport;			/* host order */
	uint16_t rport;
	int32_t pid;			/* owner: -1 not known */
	uint32_t uid;
	uint64_t cgroup;
	string execname;
};

/* A TCP connection: the same, and more. */
struct tcp_socket {
	struct sock *sk;
	uint32_t zone;
	struct tcp_sock *tp;		/* NULL: not a full TCP socket */
	uint64_t cookie;
	string laddr;
	string raddr;
	uint16_t lport;
	uint16_t rport;
	int32_t state;			/* TCPS_* */
	int32_t last;			/* state-change: the state before */
	int32_t active;			/* 1: opened from here, 0: by a SYN received */
	uint32_t rnxt;			/* expected next; of a segment received: when it came */
	uint32_t retransmit;		/* the segment at hand was sent before */
	uint32_t iss;			/* without tp: what the segment tells of a connection being opened */
	uint32_t irs;
	int32_t pid;			/* owner: -1 not known */
	uint32_t uid;
	uint64_t cgroup;
	string execname;
};

/* A packet that the kernel dropped. */
struct net_drop {
	string reason;			/* enum skb_drop_reason, without its prefix */
	uintptr_t location;
	string symbol;
};

typedef struct pktinfo {
	uintptr_t pkt_addr;		/* buffer */
} pktinfo_t;

typedef struct csinfo {
	uintptr_t cs_addr;		/* socket */
	uint64_t cs_cid;		/* connection: the kernel's socket cookie, as ss -e prints it */
	zoneid_t cs_zoneid;		/* network namespace: its inode */
	pid_t cs_pid;			/* process that made or used it last; -1: not known */
	uid_t cs_uid;
	uint64_t cs_cgroup;		/* its cgroup: the id */
	string cs_execname;
	string cs_cgroupname;		/* "/system.slice": the path of cs_cgroup */
	string cs_netns;		/* the name of cs_zoneid, else its digits */
} csinfo_t;

typedef struct ipinfo {
	uint8_t ip_ver;			/* 4, 6 */
	uint32_t ip_plength;		/* payload bytes */
	string ip_saddr;
	string ip_daddr;
} ipinfo_t;

typedef struct dropinfo {
	string drop_reason;		/* "NO_SOCKET": the kernel's name of it */
	uintptr_t drop_location;	/* in the kernel's code */
	string drop_symbol;		/* "tcp_v4_rcv+0x12": the same by name */
} dropinfo_t;

translator dropinfo_t < struct net_drop *d > {
	drop_reason = d->reason;
	drop_location = d->location;
	drop_symbol = d->symbol;
};

translator pktinfo_t < struct net_packet *p > {
	pkt_addr = p->skb;
};

translator csinfo_t < struct net_socket *s > {
	cs_addr = (uintptr_t)s->sk;
	cs_cid = s->cookie;
	cs_zoneid = s->zone;
	cs_pid = s->pid;
	cs_uid = s->uid;
	cs_cgroup = s->cgroup;
	cs_execname = s->execname;
	cs_cgroupname = cgroup_path(s->cgroup);
	cs_netns = netns_name(s->zone);
};

/*
 * A length field of 0 is that of a packet over 64 KiB, before segmentation or
 * after coalescing: then the buffer's length counts.
 */
translator ipinfo_t < struct net_packet *p > {
	ip_ver = p->version;
	ip_plength = p->ip4 != NULL ?
	    (p->ip4->tot_len != 0 ? ntohs(p->ip4->tot_len) : p->length) - p->ip4->ihl * 4 :
	    p->ip6 != NULL ?
	    (p->ip6->payload_len != 0 ? ntohs(p->ip6->payload_len) : p->length - 40) : 0;
	ip_saddr = p->ip4 != NULL ? inet_ntoa(&p->ip4->saddr) :
	    p->ip6 != NULL ? inet_ntoa6(&p->ip6->saddr) : "<null>";
	ip_daddr = p->ip4 != NULL ? inet_ntoa(&p->ip4->daddr) :
	    p->ip6 != NULL ? inet_ntoa6(&p->ip6->daddr) : "<null>";
};

inline int AF_INET = 2;
inline int AF_INET6 = 10;

inline int ARPHRD_ETHER = 1;
inline int ARPHRD_INFINIBAND = 32;

inline int IPPROTO_IP = 0;
inline int IPPROTO_ICMP = 1;
inline int IPPROTO_IGMP = 2;
inline int IPPROTO_IPIP = 4;
inline int IPPROTO_TCP = 6;
inline int IPPROTO_UDP = 17;
inline int IPPROTO_IPV6 = 41;
inline int IPPROTO_ROUTING = 43;
inline int IPPROTO_FRAGMENT = 44;
inline int IPPROTO_GRE = 47;
inline int IPPROTO_ESP = 50;
inline int IPPROTO_AH = 51;
inline int IPPROTO_ICMPV6 = 58;
inline int IPPROTO_NONE = 59;
inline int IPPROTO_DSTOPTS = 60;
inline int IPPROTO_OSPF = 89;
inline int IPPROTO_PIM = 103;
inline int IPPROTO_SCTP = 132;

inline string ip_protocol_string[uint8_t proto] =
    proto == 6 ? "TCP" : proto == 17 ? "UDP" : proto == 1 ? "ICMP" :
    proto == 58 ? "ICMPV6" : proto == 2 ? "IGMP" : proto == 4 ? "IPIP" :
    proto == 41 ? "IPV6" : proto == 43 ? "ROUTING" : proto == 44 ? "FRAGMENT" :
    proto == 47 ? "GRE" : proto == 50 ? "ESP" : proto == 51 ? "AH" :
    proto == 59 ? "NONE" : proto == 60 ? "DSTOPTS" : proto == 89 ? "OSPF" :
    proto == 103 ? "PIM" : proto == 132 ? "SCTP" : proto == 0 ? "HOPOPTS" : "<unknown>";
