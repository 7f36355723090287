/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TCP client without a kernel: sends the segments it is told to, in the order
 * it is told to, so that a test knows exactly which arrive out of order.
 *
 *   rawpeer DEVICE SRC SRC-MAC SRC-PORT DST DST-MAC DST-PORT SIZES ORDER
 *   rawpeer v0 198.18.0.9 02:00:00:00:00:09 4000 198.18.0.1 aa:… 5000 100,200,300 1,3,2
 *
 * SIZES cuts the stream into segments 1, 2, …; ORDER names them as they are
 * sent, each as often as it stands there. It speaks through a packet socket,
 * with a hardware address that no interface has: the kernel of its namespace
 * takes every answer for somebody else's and sends no reset. (The other end
 * needs a permanent neighbour entry for SRC.) After each segment it waits for
 * an acknowledgement, then closes with a FIN. It prints what the receiver must
 * have seen out of order, by the definition "sequence number is not the next
 * expected".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rawpacket.h"

#define MAX_SEGMENTS 64
#define MAX_PAYLOAD 1400
#define ANSWER_MS 1000

struct peer {
	int fd, family;
	uint8_t our_mac[6], their_mac[6];
	uint8_t src[16], dst[16]; /* addresses, network order */
	size_t addr_len;
	uint16_t sport, dport;
	uint32_t snd_nxt; /* after the handshake: of the first data byte */
	uint32_t rcv_nxt;
	uint32_t acked;
	bool fin_received;
};

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "rawpeer: %s: %s\n", what, why);
	exit(1);
}

static uint16_t tcp_checksum(const struct peer *p, const void *segment, size_t n)
{
	return htons(transport_checksum(IPPROTO_TCP, p->src, p->dst, p->addr_len, segment, n));
}

static size_t put_ip_header(const struct peer *p, uint8_t *out, size_t payload)
{
	if (p->family == AF_INET) {
		struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP};

		ip.tot_len = htons(sizeof(ip) + payload);
		ip.frag_off = htons(IP_DF);
		memcpy(&ip.saddr, p->src, 4);
		memcpy(&ip.daddr, p->dst, 4);
		ip.check = htons(folded(sum16(0, &ip, sizeof(ip))));
		memcpy(out, &ip, sizeof(ip));
		return sizeof(ip);
	}
	struct ip6_hdr ip6 = {0};

	ip6.ip6_flow = htonl(6u << 28);
	ip6.ip6_plen = htons(payload);
	ip6.ip6_nxt = IPPROTO_TCP;
	ip6.ip6_hlim = 64;
	memcpy(&ip6.ip6_src, p->src, 16);
	memcpy(&ip6.ip6_dst, p->dst, 16);
	memcpy(out, &ip6, sizeof(ip6));
	return sizeof(ip6);
}

static void send_segment(const struct peer *p, uint32_t seq, int flags, const uint8_t *data,
			 size_t n)
{
	uint8_t frame[ETH_HLEN + sizeof(struct ip6_hdr) + sizeof(struct tcphdr) + MAX_PAYLOAD];
	uint16_t type = htons(p->family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	struct tcphdr tcp = {.doff = 5};
	size_t at = ETH_HLEN;

	memcpy(frame, p->their_mac, 6);
	memcpy(frame + 6, p->our_mac, 6);
	memcpy(frame + 12, &type, 2);
	at += put_ip_header(p, frame + at, sizeof(tcp) + n);
	tcp.source = htons(p->sport);
	tcp.dest = htons(p->dport);
	tcp.seq = htonl(seq);
	tcp.ack_seq = htonl(flags & ACK ? p->rcv_nxt : 0);
	tcp.window = htons(65000);
	((uint8_t *)&tcp)[13] = flags;
	memcpy(frame + at, &tcp, sizeof(tcp));
	if (n)
		memcpy(frame + at + sizeof(tcp), data, n);
	tcp.check = tcp_checksum(p, frame + at, sizeof(tcp) + n);
	memcpy(frame + at, &tcp, sizeof(tcp));
	at += sizeof(tcp) + n;
	if (send(p->fd, frame, at, 0) != (ssize_t)at)
		die("send", strerror(errno));
}

/* Is this frame the other end's? If so *tcp is its header and *n its payload's size. */
static bool parse_frame(const struct peer *p, const uint8_t *frame, size_t len, struct tcphdr *tcp,
			size_t *n)
{
	size_t ip_at = ETH_HLEN, tcp_at, ip_len;

	if (p->family == AF_INET) {
		struct iphdr ip;

		if (len < ip_at + sizeof(ip))
			return false;
		memcpy(&ip, frame + ip_at, sizeof(ip));
		if (ip.protocol != IPPROTO_TCP || memcmp(&ip.saddr, p->dst, 4) ||
		    memcmp(&ip.daddr, p->src, 4))
			return false;
		tcp_at = ip_at + ip.ihl * 4;
		ip_len = ip_at + ntohs(ip.tot_len);
	} else {
		struct ip6_hdr ip;

		if (len < ip_at + sizeof(ip))
			return false;
		memcpy(&ip, frame + ip_at, sizeof(ip));
		if (ip.ip6_nxt != IPPROTO_TCP || memcmp(&ip.ip6_src, p->dst, 16) ||
		    memcmp(&ip.ip6_dst, p->src, 16))
			return false;
		tcp_at = ip_at + sizeof(ip);
		ip_len = tcp_at + ntohs(ip.ip6_plen);
	}
	if (ip_len > len || ip_len < tcp_at + sizeof(*tcp))
		return false;
	memcpy(tcp, frame + tcp_at, sizeof(*tcp));
	if (tcp->source != htons(p->dport) || tcp->dest != htons(p->sport) ||
	    ip_len < tcp_at + tcp->doff * 4)
		return false;
	*n = ip_len - tcp_at - tcp->doff * 4;
	return true;
}

/* The next segment from the other end, within ANSWER_MS. */
static struct tcphdr receive_segment(struct peer *p)
{
	uint8_t frame[65536];
	struct tcphdr tcp;
	size_t n;

	for (;;) {
		struct pollfd pfd = {.fd = p->fd, .events = POLLIN};

		if (poll(&pfd, 1, ANSWER_MS) != 1)
			die("no answer", "timed out");
		ssize_t len = recv(p->fd, frame, sizeof(frame), 0);
		if (len > 0 && parse_frame(p, frame, len, &tcp, &n))
			break;
	}
	if (tcp.rst)
		die("the other end sent", "a reset");
	if (tcp.ack)
		p->acked = ntohl(tcp.ack_seq);
	if (tcp.syn)
		p->rcv_nxt = ntohl(tcp.seq) + 1;
	else
		p->rcv_nxt += n + tcp.fin;
	p->fin_received |= tcp.fin;
	return tcp;
}

static int parse_list(const char *text, uint32_t *out)
{
	int n = 0;

	while (*text) {
		char *end;

		if (n == MAX_SEGMENTS)
			die(text, "too many segments");
		out[n++] = strtoul(text, &end, 10);
		if (end == text || (*end && *end != ','))
			die(text, "not a list of numbers");
		text = *end ? end + 1 : end;
	}
	return n;
}

static void open_peer(struct peer *p, char **argv)
{
	p->family = strchr(argv[2], ':') ? AF_INET6 : AF_INET;
	p->addr_len = p->family == AF_INET ? 4 : 16;
	if (inet_pton(p->family, argv[2], p->src) != 1 ||
	    inet_pton(p->family, argv[5], p->dst) != 1)
		die("addresses", "not of one family");
	if (!parse_mac(p->our_mac, argv[3]) || !parse_mac(p->their_mac, argv[6]))
		die("hardware addresses", "malformed");
	p->sport = atoi(argv[4]);
	p->dport = atoi(argv[7]);
	p->snd_nxt = 0xfffffe00; /* the sequence number wraps within the data */
	p->fd = packet_socket(argv[1], p->family == AF_INET ? ETH_P_IP : ETH_P_IPV6);
	if (p->fd < 0)
		die(argv[1], strerror(errno));
}

static void handshake(struct peer *p)
{
	send_segment(p, p->snd_nxt, SYN, NULL, 0);
	struct tcphdr tcp = receive_segment(p);
	p->snd_nxt++;
	if (!tcp.syn || !tcp.ack || p->acked != p->snd_nxt)
		die("handshake", "the answer is no SYN,ACK for our SYN");
	send_segment(p, p->snd_nxt, ACK, NULL, 0);
}

/* What the receiver has; *first out of order segments are found as the receiver finds them. */
struct model {
	bool have[MAX_SEGMENTS];
	int next; /* first segment it lacks */
	unsigned packets, bytes, ooo_packets, ooo_bytes;
};

static void model_receive(struct model *m, int segment, uint32_t size)
{
	m->packets++;
	m->bytes += size;
	if (segment != m->next) {
		m->ooo_packets++;
		m->ooo_bytes += size;
	}
	m->have[segment] = true;
	while (m->next < MAX_SEGMENTS && m->have[m->next])
		m->next++;
}

int main(int argc, char **argv)
{
	uint32_t sizes[MAX_SEGMENTS], order[MAX_SEGMENTS], offset[MAX_SEGMENTS + 1] = {0};
	struct peer p = {0};
	struct model m = {0};

	if (argc != 10) {
		fprintf(stderr,
			"usage: rawpeer DEV SRC SRC-MAC SRC-PORT DST DST-MAC DST-PORT SIZES ORDER\n");
		return 2;
	}
	alarm(20);
	open_peer(&p, argv);
	int nsizes = parse_list(argv[8], sizes), norder = parse_list(argv[9], order);
	for (int i = 0; i < nsizes; i++)
		offset[i + 1] = offset[i] + sizes[i];
	handshake(&p);
	for (int i = 0; i < norder; i++) {
		uint8_t data[MAX_PAYLOAD];
		int s = (int)order[i] - 1;

		if (s < 0 || s >= nsizes || sizes[s] > MAX_PAYLOAD)
			die(argv[9], "no such segment");
		for (uint32_t j = 0; j < sizes[s]; j++) /* as traffic.c has it */
			data[j] = (uint8_t)((offset[s] + j) * 31 + ((offset[s] + j) >> 8) + 'D');
		send_segment(&p, p.snd_nxt + offset[s], ACK | PSH, data, sizes[s]);
		model_receive(&m, s, sizes[s]);
		receive_segment(&p);
	}
	uint32_t end = p.snd_nxt + offset[nsizes];

	while (p.acked != end)
		receive_segment(&p);
	send_segment(&p, end, ACK | FIN, NULL, 0);
	while (p.acked != end + 1 || !p.fin_received)
		receive_segment(&p);
	send_segment(&p, end + 1, ACK, NULL, 0);
	printf("packets %u bytes %u ooo_packets %u ooo_bytes %u\n", m.packets, m.bytes,
	       m.ooo_packets, m.ooo_bytes);
	return 0;
}
