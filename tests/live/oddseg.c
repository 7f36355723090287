/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends single segments of TCP that fit no connection, or are broken.
 *
 *   oddseg DEVICE TO-MAC SRC SRC-PORT DST DST-PORT KIND...
 *	through a packet socket, so the other end of DEVICE receives them
 *   oddseg deaf ADDRESS PORT
 *	listens with a filter that throws everything away, until it is killed
 *
 * Each KIND is one segment: syn, ack, rst, fin, wild (an ACK far out of every
 * window); badsum (a wrong checksum); none, short (no header, a part of one), low
 * (a data offset inside the header), high (one behind the end). "+KIND" has IPv4
 * options or IPv6 extension headers in front.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rawpacket.h"

#define SEQ 0x10203040
#define HEADER 20

static const struct kind {
	const char *name;
	int flags;
	uint32_t ahead; /* of the sequence number of the others */
	int length;	/* bytes of the segment */
	int offset;	/* in words, as the header has it */
	bool bad;	/* checksum */
} kinds[] = {
	{"syn", SYN, 0, HEADER, 5},
	{"ack", ACK, 1, HEADER, 5},
	{"rst", RST, 1, HEADER, 5},
	{"fin", FIN | ACK, 1, HEADER, 5},
	{"wild", ACK, 1 << 30, HEADER, 5},
	{"badsum", ACK, 1, HEADER, 5, true},
	{"badsyn", SYN, 0, HEADER, 5, true},
	{"none", ACK, 1, 0, 5},
	{"short", ACK, 1, 12, 5},
	{"low", ACK, 1, HEADER, 4},
	{"high", ACK, 1, HEADER, 15},
};

struct ends {
	int family;
	uint8_t src[16], dst[16];
	size_t bytes; /* of an address */
	uint16_t sport, dport;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "oddseg: %s: %s\n", what, why);
	exit(1);
}

static void make_segment(const struct ends *e, const struct kind *k, uint8_t *p)
{
	memset(p, 0, HEADER);
	put(p, e->sport, 2);
	put(p + 2, e->dport, 2);
	put(p + 4, SEQ + k->ahead, 4);
	put(p + 8, k->flags & ACK ? 0x50607080 : 0, 4);
	p[12] = k->offset << 4;
	p[13] = k->flags;
	put(p + 14, 1000, 2);
	put(p + 16,
	    transport_checksum(IPPROTO_TCP, e->src, e->dst, e->bytes, p, k->length) ^
		    (k->bad ? 0x5555 : 0),
	    2);
}

static size_t make_v4(const struct ends *e, const struct kind *k, bool more, uint8_t *p)
{
	size_t header = more ? 28 : 20;

	p[0] = 4 << 4 | header / 4;
	put(p + 2, header + k->length, 2);
	p[8] = 64;
	p[9] = IPPROTO_TCP;
	memcpy(p + 12, e->src, 4);
	memcpy(p + 16, e->dst, 4);
	memset(p + 20, 1, header - 20); /* no operation */
	put(p + 10, folded(sum16(0, p, header)), 2);
	make_segment(e, k, p + header);
	return header + k->length;
}

/* Destination options, twice, each of 8 bytes of padding. */
static size_t make_v6(const struct ends *e, const struct kind *k, bool more, uint8_t *p)
{
	size_t header = more ? 56 : 40;

	put(p, 6u << 28, 4);
	put(p + 4, header - 40 + k->length, 2);
	p[6] = more ? IPPROTO_DSTOPTS : IPPROTO_TCP;
	p[7] = 64;
	memcpy(p + 8, e->src, 16);
	memcpy(p + 24, e->dst, 16);
	for (size_t at = 40; at < header; at += 8) {
		p[at] = at + 8 < header ? IPPROTO_DSTOPTS : IPPROTO_TCP;
		p[at + 2] = 1; /* PadN */
		p[at + 3] = 4;
	}
	make_segment(e, k, p + header);
	return header + k->length;
}

static void send_kind(int fd, const uint8_t *mac, const struct ends *e, const char *name)
{
	uint8_t frame[ETH_HLEN + 128] = {0};
	bool more = *name == '+', v4 = e->family == AF_INET;
	const struct kind *k = kinds, *end = kinds + sizeof(kinds) / sizeof(*kinds);
	size_t n;

	while (k < end && strcmp(k->name, name + more) != 0)
		k++;
	if (k == end)
		die(name, "no such kind");
	memcpy(frame, mac, 6);
	memcpy(frame + 6, "\x02\0\0\0\0\x09", 6);
	put(frame + 12, v4 ? ETH_P_IP : ETH_P_IPV6, 2);
	n = ETH_HLEN +
	    (v4 ? make_v4(e, k, more, frame + ETH_HLEN) : make_v6(e, k, more, frame + ETH_HLEN));
	if (send(fd, frame, n, 0) != (ssize_t)n)
		die("send", strerror(errno));
	usleep(2000);
}

static void parse(struct ends *e, char **src, char **dst)
{
	e->family = strchr(*src, ':') ? AF_INET6 : AF_INET;
	e->bytes = e->family == AF_INET ? 4 : 16;
	if (inet_pton(e->family, *src, e->src) != 1 || inet_pton(e->family, *dst, e->dst) != 1)
		die("addresses", "not of one family");
	e->sport = atoi(src[1]);
	e->dport = atoi(dst[1]);
}

static _Noreturn void deaf(char **at)
{
	struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
	struct sock_fprog program = {1, &nothing};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct ends e;
	int fd;

	parse(&e, at, at);
	memcpy(&v4.sin_addr, e.dst, 4);
	memcpy(&v6.sin6_addr, e.dst, 16);
	v4.sin_port = v6.sin6_port = htons(e.dport);
	fd = socket(e.family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ||
	    (e.family == AF_INET ? bind(fd, (struct sockaddr *)&v4, sizeof(v4))
				 : bind(fd, (struct sockaddr *)&v6, sizeof(v6))) ||
	    listen(fd, 8))
		die(*at, strerror(errno));
	printf("port %d\n", e.dport);
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	uint8_t mac[6];
	struct ends e;
	int fd;

	if (argc == 4 && !strcmp(argv[1], "deaf"))
		deaf(argv + 2);
	if (argc < 8) {
		fprintf(stderr, "usage: oddseg DEVICE TO-MAC SRC SRC-PORT DST DST-PORT KIND...\n"
				"       oddseg deaf ADDRESS PORT\n");
		return 2;
	}
	if (!parse_mac(mac, argv[2]))
		die(argv[2], "not a hardware address");
	parse(&e, argv + 3, argv + 5);
	fd = packet_socket(argv[1], 0);
	if (fd < 0)
		die(argv[1], strerror(errno));
	for (int i = 7; i < argc; i++)
		send_kind(fd, mac, &e, argv[i]);
	return 0;
}
