/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs that make packets by hand share. */
#pragma once

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128 };

/* n bytes in network order */
static inline void put(uint8_t *at, uint32_t value, int n)
{
	for (int i = 0; i < n; i++)
		at[i] = value >> 8 * (n - 1 - i);
}

static inline uint32_t sum16(uint32_t sum, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	return sum;
}

/* The checksum, in host order. */
static inline uint16_t folded(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Of a segment or datagram between two addresses of so many bytes. */
static inline uint16_t transport_checksum(int protocol, const uint8_t *src, const uint8_t *dst,
					  size_t bytes, const void *p, size_t n)
{
	uint32_t sum = sum16(protocol + n, src, bytes);

	return folded(sum16(sum16(sum, dst, bytes), p, n));
}

static inline bool parse_mac(uint8_t *out, const char *text)
{
	return sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &out[0], &out[1], &out[2], &out[3],
		      &out[4], &out[5]) == 6;
}

/* A packet socket of a device, that receives such frames (host order; 0: none); < 0: errno says. */
static inline int packet_socket(const char *device, int ethertype)
{
	struct sockaddr_ll link = {.sll_family = AF_PACKET,
				   .sll_protocol = htons(ethertype),
				   .sll_ifindex = if_nametoindex(device)};
	int fd;

	if (!link.sll_ifindex)
		return -1;
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, link.sll_protocol);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&link, sizeof(link))) {
		close(fd);
		return -1;
	}
	return fd;
}
