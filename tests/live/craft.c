/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sends packets whose every header field has a value that no other has, so that
 * a test that reads the wrong field, half of one, or the wrong byte order finds
 * out.
 *
 *   craft frames DEVICE TO-MAC SRC DST UDP-PORT TCP-PORT
 *	through a packet socket: the other end of DEVICE receives them
 *   craft raw SRC DST UDP-PORT TCP-PORT
 *	through a raw socket, headers included: this end's IP layer sends them
 *
 * UDP-PORT and TCP-PORT are of the destination, where somebody reads or listens
 * (the datagrams carry what `traffic` expects of 10 bytes). Others go to ports
 * that nobody has. There are fragments that never become whole, IPv4 options,
 * an IPv6 extension header, protocols without a name.
 */
#include <arpa/inet.h>
#include <errno.h>
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

#define NOBODYS_PORT 1
#define ADDRESS_MAX 16
#define PACKET_MAX 512

struct sender {
	int fd, family;
	bool frames;
	uint8_t to_mac[6];
	uint8_t src[ADDRESS_MAX], dst[ADDRESS_MAX];
	size_t addr_len;
	uint16_t udp_port, tcp_port;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "craft: %s: %s\n", what, why);
	exit(1);
}

static uint16_t checksum(const struct sender *s, int protocol, const uint8_t *p, size_t n)
{
	return transport_checksum(protocol, s->src, s->dst, s->addr_len, p, n);
}

/* ---- what IP carries ---- */

static size_t make_udp(const struct sender *s, uint8_t *p, uint16_t dport)
{
	const size_t payload = 10, n = 8 + payload;

	put(p, 0x9a9b, 2);
	put(p + 2, dport, 2);
	put(p + 4, n, 2);
	put(p + 6, 0, 2);
	for (size_t i = 0; i < payload; i++) /* as traffic.c has it */
		p[8 + i] = (uint8_t)(i * 31 + 'D');
	put(p + 6, checksum(s, IPPROTO_UDP, p, n), 2);
	return n;
}

static size_t make_tcp(const struct sender *s, uint8_t *p, uint16_t dport, int flags)
{
	static const uint8_t options[12] = {1, 1, 8, 10, 0x71, 0x72, 0x73, 0x74, 0, 0, 0, 0};
	const size_t n = 20 + sizeof(options);

	put(p, 0x8a8b, 2);
	put(p + 2, dport, 2);
	put(p + 4, 0xf1f2f3f4, 4);
	put(p + 8, flags & ACK ? 0xe1e2e3e4 : 0, 4);
	p[12] = n / 4 << 4;
	p[13] = flags;
	put(p + 14, 0xd1d2, 2);
	put(p + 16, 0, 2);
	put(p + 18, flags & URG ? 0xc1c2 : 0, 2);
	memcpy(p + 20, options, sizeof(options));
	put(p + 16, checksum(s, IPPROTO_TCP, p, n), 2);
	return n;
}

static size_t make_bytes(uint8_t *p)
{
	for (int i = 0; i < 24; i++)
		p[i] = 0x60 + i;
	return 24;
}

/* ---- IP ---- */

/* What is odd about a packet. */
struct oddity {
	int protocol;
	enum { UDP_OPEN, UDP_CLOSED, TCP_OPEN, TCP_CLOSED, BYTES } content;
	int tcp_flags;
	bool extra; /* IPv4: options; IPv6: a header of destination options */
	uint16_t fragment;
};

static size_t make_content(const struct sender *s, const struct oddity *o, uint8_t *p)
{
	switch (o->content) {
	case UDP_OPEN:
		return make_udp(s, p, s->udp_port);
	case UDP_CLOSED:
		return make_udp(s, p, NOBODYS_PORT);
	case TCP_OPEN:
		return make_tcp(s, p, s->tcp_port, o->tcp_flags);
	case TCP_CLOSED:
		return make_tcp(s, p, NOBODYS_PORT, o->tcp_flags);
	default:
		return make_bytes(p);
	}
}

static size_t make_v4(const struct sender *s, const struct oddity *o, uint8_t *p)
{
	size_t header = o->extra ? 28 : 20, n = header + make_content(s, o, p + header);

	p[0] = 4 << 4 | header / 4;
	p[1] = 0xb8;
	put(p + 2, n, 2);
	put(p + 4, 0xa1a2, 2);
	put(p + 6, o->fragment, 2);
	p[8] = 37;
	p[9] = o->protocol;
	put(p + 10, 0, 2);
	memcpy(p + 12, s->src, 4);
	memcpy(p + 16, s->dst, 4);
	if (o->extra)
		memset(p + 20, 1, 8); /* no operation */
	put(p + 10, folded(sum16(0, p, header)), 2);
	return n;
}

static size_t make_v6(const struct sender *s, const struct oddity *o, uint8_t *p)
{
	static const uint8_t padding[6] = {1, 4, 0, 0, 0, 0};
	size_t header = o->extra ? 48 : 40, n = header + make_content(s, o, p + header);

	put(p, 6u << 28 | 0xb8 << 20 | 0xbeef5, 4);
	put(p + 4, n - 40, 2);
	p[6] = o->extra ? IPPROTO_DSTOPTS : o->protocol;
	p[7] = 37;
	memcpy(p + 8, s->src, 16);
	memcpy(p + 24, s->dst, 16);
	if (o->extra) {
		p[40] = o->protocol;
		p[41] = 0;
		memcpy(p + 42, padding, sizeof(padding));
	}
	return n;
}

/* ---- sending ---- */

static void send_frame(const struct sender *s, const uint8_t *packet, size_t n)
{
	uint8_t frame[ETH_HLEN + PACKET_MAX];

	memcpy(frame, s->to_mac, 6);
	memcpy(frame + 6, "\x02\0\0\0\0\x09", 6);
	put(frame + 12, s->family == AF_INET ? ETH_P_IP : ETH_P_IPV6, 2);
	memcpy(frame + ETH_HLEN, packet, n);
	if (send(s->fd, frame, ETH_HLEN + n, 0) != (ssize_t)(ETH_HLEN + n))
		die("send", strerror(errno));
}

static void send_raw(const struct sender *s, const uint8_t *packet, size_t n)
{
	struct sockaddr_in to4 = {.sin_family = AF_INET};
	struct sockaddr_in6 to6 = {.sin6_family = AF_INET6};
	bool v4 = s->family == AF_INET;

	memcpy(&to4.sin_addr, s->dst, 4);
	memcpy(&to6.sin6_addr, s->dst, 16);
	if (sendto(s->fd, packet, n, 0, v4 ? (struct sockaddr *)&to4 : (struct sockaddr *)&to6,
		   v4 ? sizeof(to4) : sizeof(to6)) != (ssize_t)n)
		die("sendto", strerror(errno));
}

static void send_odd(const struct sender *s, const struct oddity *o)
{
	uint8_t packet[PACKET_MAX] = {0};
	size_t n = s->family == AF_INET ? make_v4(s, o, packet) : make_v6(s, o, packet);

	if (s->frames)
		send_frame(s, packet, n);
	else
		send_raw(s, packet, n);
	usleep(20000); /* answers come between them, in one order */
}

static void send_all(const struct sender *s)
{
	/* clang-format off */
	static const struct oddity both[] = {
		{ IPPROTO_UDP, UDP_OPEN },
		{ IPPROTO_UDP, UDP_OPEN, .extra = true },
		{ IPPROTO_UDP, UDP_CLOSED },
		{ IPPROTO_TCP, TCP_CLOSED, FIN | PSH | URG | ACK | ECE | CWR },
		{ IPPROTO_TCP, TCP_CLOSED, SYN | URG },
		{ IPPROTO_TCP, TCP_OPEN, SYN | ECE | CWR | URG },
		{ 253, BYTES },
	}, fragments[] = {
		{ IPPROTO_UDP, UDP_CLOSED, .fragment = 0x2000 }, /* MF */
		{ IPPROTO_UDP, BYTES, .fragment = 0x0155 },
		{ IPPROTO_UDP, UDP_CLOSED, .fragment = 0x4000 }, /* DF */
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
		send_odd(s, &both[i]);
	for (size_t i = 0; i < sizeof(fragments) / sizeof(fragments[0]) && s->addr_len == 4; i++)
		send_odd(s, &fragments[i]);
}

static void open_frames(struct sender *s, const char *device, const char *mac)
{
	if (!parse_mac(s->to_mac, mac))
		die(mac, "not a hardware address");
	s->fd = packet_socket(device, 0);
	if (s->fd < 0)
		die(device, strerror(errno));
}

int main(int argc, char **argv)
{
	struct sender s = {.frames = argc == 8 && !strcmp(argv[1], "frames")};
	char **ends;

	if (!s.frames && !(argc == 6 && !strcmp(argv[1], "raw"))) {
		fprintf(stderr, "usage: craft frames DEVICE TO-MAC SRC DST UDP-PORT TCP-PORT\n"
				"       craft raw SRC DST UDP-PORT TCP-PORT\n");
		return 2;
	}
	ends = argv + (s.frames ? 4 : 2);
	s.family = strchr(ends[0], ':') ? AF_INET6 : AF_INET;
	s.addr_len = s.family == AF_INET ? 4 : 16;
	if (inet_pton(s.family, ends[0], s.src) != 1 || inet_pton(s.family, ends[1], s.dst) != 1)
		die("addresses", "not of one family");
	s.udp_port = atoi(ends[2]);
	s.tcp_port = atoi(ends[3]);
	alarm(20);
	if (s.frames)
		open_frames(&s, argv[2], argv[3]);
	else
		s.fd = socket(s.family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (s.fd < 0)
		die("raw socket", strerror(errno));
	send_all(&s);
	return 0;
}
