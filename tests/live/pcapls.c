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
	} else if (protocol == IPPROTO_UDP && avail >= sizeof(udp)) {
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

int main(int argc, char **argv)
{
	static uint8_t buf[256 * 1024];
	struct pcap_head head;
	struct pcap_packet packet;
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (!f) {
		fprintf(stderr, "usage: pcapls FILE\n");
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
			print_packet(buf, packet.caplen);
	}
	fclose(f);
	return 0;
}
