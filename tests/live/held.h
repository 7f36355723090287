/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory whose reader waits until it is let go, and segments of nobody's connection. */
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "rawpacket.h"

#define HELD_SIZE 4096

/* A page that is not there: who reads it, the kernel too, waits for held_release(). NULL: not
 * granted. */
static char *held_page(int *uffd)
{
	struct uffdio_api api = {.api = UFFD_API};
	struct uffdio_register reg = {.mode = UFFDIO_REGISTER_MODE_MISSING};
	char *page =
		mmap(NULL, HELD_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	reg.range.start = (uintptr_t)page;
	reg.range.len = HELD_SIZE;
	if (page == MAP_FAILED || *uffd < 0 || ioctl(*uffd, UFFDIO_API, &api) ||
	    ioctl(*uffd, UFFDIO_REGISTER, &reg))
		return NULL;
	return page;
}

static int held_release(int uffd, char *page)
{
	struct uffdio_zeropage zero = {
		.range = {.start = (uintptr_t)page, .len = HELD_SIZE},
	};

	return ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

/* A packet for a tunnel: an ACK that belongs to no connection. Its length. */
static size_t stray_ack(uint8_t *out, const struct sockaddr_storage *from, int sport,
			const struct sockaddr_storage *to, int dport)
{
	struct tcphdr tcp = {.source = htons(sport),
			     .dest = htons(dport),
			     .seq = htonl(1),
			     .ack_seq = htonl(1),
			     .doff = 5,
			     .ack = 1,
			     .window = htons(1000)};
	struct iphdr ip = {.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP};
	struct ip6_hdr ip6 = {.ip6_flow = htonl(6u << 28), .ip6_nxt = IPPROTO_TCP, .ip6_hlim = 64};
	bool v4 = from->ss_family == AF_INET;
	size_t at = v4 ? sizeof(ip) : sizeof(ip6);
	uint32_t sum = IPPROTO_TCP + sizeof(tcp);

	ip.tot_len = htons(at + sizeof(tcp));
	ip.saddr = ((const struct sockaddr_in *)from)->sin_addr.s_addr;
	ip.daddr = ((const struct sockaddr_in *)to)->sin_addr.s_addr;
	ip.check = htons(folded(sum16(0, &ip, sizeof(ip))));
	ip6.ip6_plen = htons(sizeof(tcp));
	ip6.ip6_src = ((const struct sockaddr_in6 *)from)->sin6_addr;
	ip6.ip6_dst = ((const struct sockaddr_in6 *)to)->sin6_addr;
	memcpy(out, v4 ? (void *)&ip : (void *)&ip6, at);
	/* both addresses lie at the end of the header */
	sum = sum16(sum, out + at - (v4 ? 8 : 32), v4 ? 8 : 32);
	tcp.check = htons(folded(sum16(sum, &tcp, sizeof(tcp))));
	memcpy(out + at, &tcp, sizeof(tcp));
	return at + sizeof(tcp);
}
