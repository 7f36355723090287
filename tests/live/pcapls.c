/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists the IP packets of a capture, one line each, in the order captured:
 *
 *   tcp SADDR SPORT DADDR DPORT PLENGTH BYTES FLAGS
 *
 * The judge of the live tests: PLENGTH is the IP payload, BYTES what TCP or UDP
 * carries, FLAGS as the tests' scripts print them (FIN|SYN|RST|PSH|ACK|URG) or
 * "-". Protocols other than tcp and udp are numbers with ports 0. Captures are
 * classic pcap files of this machine, of Ethernet or loopback.
 *
 * With -a every field of every header instead, as "name=value name=value ...":
 * numbers as they are on the wire, in host order and decimal, so that nothing
 * is scaled here but lengths of headers, to bytes. A field that the packet has
 * not is 0, and text of it "<null>".
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pcap_head {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, linktype;
};

struct pcap_packet {
	uint32_t sec, usec, caplen, len;
};

static void print_tcp(const uint8_t *p, const char *src, const char *dst, unsigned plength)
{
	static const char names[][5] = {"FIN|", "SYN|", "RST|", "PSH|", "ACK|", "URG|"};
	struct tcphdr tcp;
	char flags[32] = "";

	memcpy(&tcp, p, sizeof(tcp));
	for (int i = 0; i < 6; i++)
		if (p[13] >> i & 1)
			strcat(flags, names[i]);
	if (*flags)
		flags[strlen(flags) - 1] = '\0';
	printf("tcp %s %u %s %u %u %u %s\n", src, ntohs(tcp.source), dst, ntohs(tcp.dest), plength,
	       plength - tcp.doff * 4, *flags ? flags : "-");
}

static void print_payload(int protocol, const uint8_t *p, size_t avail, const char *src,
			  const char *dst, unsigned plength)
{
	struct udphdr udp;

	if (protocol == IPPROTO_TCP && avail >= sizeof(struct tcphdr)) {
		print_tcp(p, src, dst, plength);
	} else if ((protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE) &&
		   avail >= sizeof(udp)) {
		memcpy(&udp, p, sizeof(udp));
		printf("udp %s %u %s %u %u %u -\n", src, ntohs(udp.source), dst, ntohs(udp.dest),
		       plength, ntohs(udp.len) - 8);
	} else {
		printf("%d %s 0 %s 0 %u %u -\n", protocol, src, dst, plength, plength);
	}
}

static void print_packet(const uint8_t *p, size_t n)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	unsigned type = p[12] << 8 | p[13];

	p += ETH_HLEN;
	n -= ETH_HLEN;
	if (type == ETH_P_IP && n >= sizeof(struct iphdr)) {
		struct iphdr ip;

		memcpy(&ip, p, sizeof(ip));
		inet_ntop(AF_INET, &ip.saddr, src, sizeof(src));
		inet_ntop(AF_INET, &ip.daddr, dst, sizeof(dst));
		print_payload(ip.protocol, p + ip.ihl * 4, n - ip.ihl * 4, src, dst,
			      ntohs(ip.tot_len) - ip.ihl * 4);
	} else if (type == ETH_P_IPV6 && n >= sizeof(struct ip6_hdr)) {
		struct ip6_hdr ip;

		memcpy(&ip, p, sizeof(ip));
		inet_ntop(AF_INET6, &ip.ip6_src, src, sizeof(src));
		inet_ntop(AF_INET6, &ip.ip6_dst, dst, sizeof(dst));
		print_payload(ip.ip6_nxt, p + sizeof(ip), n - sizeof(ip), src, dst,
			      ntohs(ip.ip6_plen));
	}
}

/* ---- all fields ---- */

/* The big-endian number of n bytes at p + at, 0 beyond the end. */
static uint32_t number(const uint8_t *p, size_t avail, size_t at, size_t n)
{
	uint32_t v = 0;

	for (size_t i = at; i < at + n; i++)
		v = v << 8 | (i < avail ? p[i] : 0);
	return v;
}

static void field(const char *name, uint32_t value)
{
	printf(" %s=%u", name, value);
}

static void text_field(const char *name, const char *value)
{
	printf(" %s=%s", name, value);
}

static const char *protocol_name(int protocol)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {{1, "ICMP"}, {6, "TCP"}, {17, "UDP"}, {58, "ICMPV6"}, {60, "DSTOPTS"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == protocol)
			return names[i].name;
	return "<unknown>";
}

/* The sum of the pseudo header alone: what a checksum is before a device completes it. */
static uint32_t pseudo_sum(const uint8_t *addresses, size_t n, int protocol, unsigned bytes)
{
	uint32_t sum = protocol + bytes;

	for (size_t i = 0; i < n; i += 2)
		sum += addresses[i] << 8 | addresses[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* The timestamps option; zeros if there is none. */
struct timestamps {
	uint32_t value, echo;
};

static struct timestamps timestamp_option(const uint8_t *p, size_t n)
{
	for (size_t at = 20; at + 1 < n && p[at];) {
		if (p[at] == 8)
			return (struct timestamps){number(p, n, at + 2, 4),
						   number(p, n, at + 6, 4)};
		at += p[at] == 1 || !p[at + 1] ? 1 : p[at + 1];
	}
	return (struct timestamps){0, 0};
}

static void all_of_tcp(const uint8_t *p, size_t n, unsigned plength)
{
	unsigned bytes = (p[12] >> 4) * 4;
	struct timestamps t = timestamp_option(p, bytes < n ? bytes : n);

	field("sport", number(p, n, 0, 2));
	field("dport", number(p, n, 2, 2));
	field("seq", number(p, n, 4, 4));
	field("ack", number(p, n, 8, 4));
	field("doff", bytes);
	field("flags", number(p, n, 13, 1));
	field("window", number(p, n, 14, 2));
	field("check", number(p, n, 16, 2));
	field("urgent", number(p, n, 18, 2));
	field("tsecr", t.echo);
	field("tsval", t.value);
	field("payload", plength - bytes);
}

static void all_of_udp(const uint8_t *p, size_t n)
{
	field("sport", number(p, n, 0, 2));
	field("dport", number(p, n, 2, 2));
	field("ulen", number(p, n, 4, 2));
	field("check", number(p, n, 6, 2));
}

static void all_of_transport(int protocol, const uint8_t *p, size_t n, unsigned plength,
			     uint32_t pseudo)
{
	field("pseudo", pseudo);
	if (protocol == IPPROTO_TCP && n >= 20)
		all_of_tcp(p, n, plength);
	else if ((protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE) && n >= 8)
		all_of_udp(p, n);
	printf("\n");
}

static void all_of_v4(const uint8_t *p, size_t n)
{
	unsigned ihl = (p[0] & 15) * 4, plength = number(p, n, 2, 2) - ihl;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	uint32_t stored[2];

	inet_ntop(AF_INET, p + 12, src, sizeof(src));
	inet_ntop(AF_INET, p + 16, dst, sizeof(dst));
	memcpy(stored, p + 12, sizeof(stored));
	printf("proto=%d", p[9]);
	text_field("saddr", src);
	text_field("daddr", dst);
	field("ver", p[0] >> 4);
	field("plength", plength);
	field("word4", number(p, n, 4, 2));
	field("ihl", ihl);
	field("tos", p[1]);
	field("length", number(p, n, 2, 2));
	field("ident", number(p, n, 4, 2));
	field("ipflags", p[6] >> 5);
	field("offset", number(p, n, 6, 2) & 0x1fff);
	field("ttl", p[8]);
	text_field("protostr", protocol_name(p[9]));
	field("ipcheck", number(p, n, 10, 2));
	field("src", stored[0]);
	field("dst", stored[1]);
	all_of_transport(p[9], p + ihl, n - ihl, plength, pseudo_sum(p + 12, 8, p[9], plength));
}

static void all_of_v6(const uint8_t *p, size_t n)
{
	unsigned plength = number(p, n, 4, 2), at = 40;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	int protocol = p[6];

	inet_ntop(AF_INET6, p + 8, src, sizeof(src));
	inet_ntop(AF_INET6, p + 24, dst, sizeof(dst));
	if (protocol == IPPROTO_DSTOPTS && n > 48) {
		protocol = p[40];
		at += 8 + p[41] * 8;
	}
	printf("proto=%d", protocol);
	text_field("saddr", src);
	text_field("daddr", dst);
	field("ver", p[0] >> 4);
	field("plength", plength);
	field("word4", plength);
	field("tclass", number(p, n, 0, 2) >> 4 & 0xff);
	field("flow", number(p, n, 0, 4) & 0xfffff);
	field("plen", plength);
	field("nexthdr", p[6]);
	text_field("nextstr", protocol_name(p[6]));
	field("hlim", p[7]);
	all_of_transport(protocol, p + at, n - at, plength - (at - 40),
			 pseudo_sum(p + 8, 32, protocol, plength - (at - 40)));
}

static void print_all(const uint8_t *p, size_t n)
{
	unsigned type = p[12] << 8 | p[13];

	p += ETH_HLEN;
	n -= ETH_HLEN;
	if (type == ETH_P_IP && n >= sizeof(struct iphdr))
		all_of_v4(p, n);
	else if (type == ETH_P_IPV6 && n >= sizeof(struct ip6_hdr))
		all_of_v6(p, n);
}

int main(int argc, char **argv)
{
	static uint8_t buf[256 * 1024];
	void (*print)(const uint8_t *p, size_t n) = print_packet;
	struct pcap_head head;
	struct pcap_packet packet;
	FILE *f;

	if (argc == 3 && !strcmp(argv[1], "-a")) {
		print = print_all;
		argv++;
		argc--;
	}
	f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	if (!f) {
		fprintf(stderr, "usage: pcapls [-a] FILE\n");
		return 2;
	}
	if (fread(&head, sizeof(head), 1, f) != 1 || head.magic != 0xa1b2c3d4 ||
	    head.linktype != 1) {
		fprintf(stderr, "pcapls: %s: not an Ethernet capture of this machine\n", argv[1]);
		return 1;
	}
	while (fread(&packet, sizeof(packet), 1, f) == 1) {
		if (packet.caplen > sizeof(buf) || fread(buf, 1, packet.caplen, f) != packet.caplen)
			break; /* the last one may be half written */
		if (packet.caplen > ETH_HLEN)
			print(buf, packet.caplen);
	}
	fclose(f);
	return 0;
}
