/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends a TCP segment of no connection of this end's, through a raw socket,
 * headers included, from any address.
 *
 *   stray SRC SPORT DST DPORT FLAGS SEQ ACK PAYLOAD TIMES
 *   stray 198.18.0.1 4000 198.18.0.2 1 SA 1 0 0 10
 *
 * FLAGS are letters of SAFRP, PAYLOAD a number of bytes; the source port grows
 * by one with each time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAYLOAD_MAX 1000

struct ends {
	int family;
	size_t len; /* of an address */
	uint8_t src[16], dst[16];
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "stray: %s: %s\n", what, why);
	exit(1);
}

static uint8_t flag_bits(const char *letters)
{
	static const char all[] = "FSRPA";
	uint8_t bits = 0;

	for (; *letters; letters++) {
		const char *at = strchr(all, *letters);

		if (!at)
			die(letters, "no such flag");
		bits |= 1 << (at - all);
	}
	return bits;
}

static uint32_t sum(uint32_t to, const void *from, size_t n)
{
	const uint8_t *p = from;

	for (size_t i = 0; i < n; i++)
		to += i % 2 ? p[i] : p[i] << 8;
	return to;
}

static uint16_t checksum(const struct ends *e, const void *segment, size_t n)
{
	uint32_t s = sum(sum(IPPROTO_TCP + n, e->src, e->len), e->dst, e->len);

	s = sum(s, segment, n);
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return htons(~s);
}

static size_t put_ip(const struct ends *e, uint8_t *out, size_t n)
{
	struct ip6_hdr ip6 = {.ip6_hlim = 64, .ip6_nxt = IPPROTO_TCP};
	struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP};

	if (e->family == AF_INET) {
		ip.tot_len = htons(sizeof(ip) + n);
		memcpy(&ip.saddr, e->src, 4);
		memcpy(&ip.daddr, e->dst, 4);
		memcpy(out, &ip, sizeof(ip));
		return sizeof(ip);
	}
	ip6.ip6_flow = htonl(6u << 28);
	ip6.ip6_plen = htons(n);
	memcpy(&ip6.ip6_src, e->src, 16);
	memcpy(&ip6.ip6_dst, e->dst, 16);
	memcpy(out, &ip6, sizeof(ip6));
	return sizeof(ip6);
}

static void send_to(int fd, const struct ends *e, const uint8_t *packet, size_t n)
{
	struct sockaddr_in to4 = {.sin_family = AF_INET};
	struct sockaddr_in6 to6 = {.sin6_family = AF_INET6};
	const void *to = e->family == AF_INET ? (void *)&to4 : (void *)&to6;

	memcpy(&to4.sin_addr, e->dst, 4);
	memcpy(&to6.sin6_addr, e->dst, 16);
	if (sendto(fd, packet, n, 0, to, e->family == AF_INET ? sizeof(to4) : sizeof(to6)) !=
	    (ssize_t)n)
		die("sendto", strerror(errno));
}

int main(int argc, char **argv)
{
	uint8_t packet[sizeof(struct ip6_hdr) + sizeof(struct tcphdr) + PAYLOAD_MAX];
	struct tcphdr tcp = {.doff = 5, .window = htons(1000)};
	struct ends e = {0};
	size_t payload, at, n;
	int fd;

	if (argc != 10)
		die("usage", "SRC SPORT DST DPORT FLAGS SEQ ACK PAYLOAD TIMES");
	e.family = strchr(argv[1], ':') ? AF_INET6 : AF_INET;
	e.len = e.family == AF_INET ? 4 : 16;
	payload = atoi(argv[8]);
	if (inet_pton(e.family, argv[1], e.src) != 1 || inet_pton(e.family, argv[3], e.dst) != 1 ||
	    payload > PAYLOAD_MAX)
		die("arguments", "not addresses of one family, or too much payload");
	fd = socket(e.family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0)
		die("socket", strerror(errno));
	tcp.dest = htons(atoi(argv[4]));
	tcp.seq = htonl(strtoul(argv[6], NULL, 10));
	tcp.ack_seq = htonl(strtoul(argv[7], NULL, 10));
	((uint8_t *)&tcp)[13] = flag_bits(argv[5]);
	n = sizeof(tcp) + payload;
	for (int i = 0; i < atoi(argv[9]); i++) {
		at = put_ip(&e, packet, n);
		tcp.source = htons(atoi(argv[2]) + i);
		tcp.check = 0;
		memcpy(packet + at, &tcp, sizeof(tcp));
		memset(packet + at + sizeof(tcp), 'x', payload);
		tcp.check = checksum(&e, packet + at, n);
		memcpy(packet + at, &tcp, sizeof(tcp));
		send_to(fd, &e, packet, at + n);
		usleep(1000);
	}
	return 0;
}
