/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UDP of the rarer kinds, for the live tests.
 *
 *   datagrams read ADDRESS SOCKETS [DEVICE]
 *	so many sockets on one port, that read all that comes until SIGTERM; prints
 *	"port N" first, "read N" last. With a device: ADDRESS is a group that each
 *	joins there.
 *   datagrams send HOW ADDRESS PORT COUNT [DEVICE]
 *	HOW is plain; gso: 10 datagrams in each call, cut by the kernel; mapped: IPv4
 *	through an IPv6 socket; cork: of three writes each; group: by DEVICE; raw:
 *	through a raw socket, which UDP does not know of.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#define SOCKETS_MAX 16
#define SIZE 100
#define BURST 10

struct address {
	struct sockaddr_storage ss;
	socklen_t len;
};

static volatile sig_atomic_t over;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "datagrams: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("setsockopt");
}

static struct address parse(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_DGRAM},
			*ai;
	struct address a = {.len = 0};

	if (getaddrinfo(host, port, &hints, &ai))
		die(host);
	memcpy(&a.ss, ai->ai_addr, ai->ai_addrlen);
	a.len = ai->ai_addrlen;
	freeaddrinfo(ai);
	return a;
}

static in_port_t *port_of(struct address *a)
{
	return a->ss.ss_family == AF_INET ? &((struct sockaddr_in *)&a->ss)->sin_port
					  : &((struct sockaddr_in6 *)&a->ss)->sin6_port;
}

static int open_socket(int family)
{
	int fd = socket(family, SOCK_DGRAM, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

/* ---- reading ---- */

static void on_term(int sig)
{
	(void)sig;
	over = 1;
}

static void join(int fd, const struct address *group, const char *device)
{
	int index = if_nametoindex(device);

	if (group->ss.ss_family == AF_INET) {
		struct ip_mreqn m = {.imr_multiaddr = ((struct sockaddr_in *)&group->ss)->sin_addr,
				     .imr_ifindex = index};
		if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof(m)))
			die("IP_ADD_MEMBERSHIP");
	} else {
		struct ipv6_mreq m = {.ipv6mr_multiaddr =
					      ((struct sockaddr_in6 *)&group->ss)->sin6_addr,
				      .ipv6mr_interface = index};
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &m, sizeof(m)))
			die("IPV6_ADD_MEMBERSHIP");
	}
}

static int open_reader(struct address *a, const char *device)
{
	int fd = open_socket(a->ss.ss_family);

	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (struct sockaddr *)&a->ss, a->len))
		die("bind");
	if (getsockname(fd, (struct sockaddr *)&a->ss, &a->len))
		die("getsockname");
	if (device)
		join(fd, a, device);
	return fd;
}

static int read_all(const char *address, int sockets, const char *device)
{
	struct sigaction term = {.sa_handler = on_term};
	struct address a = parse(address, "0");
	struct pollfd fds[SOCKETS_MAX];
	char buf[65536];
	long got = 0;

	sigaction(SIGTERM, &term, NULL);
	for (int i = 0; i < sockets && i < SOCKETS_MAX; i++)
		fds[i] = (struct pollfd){open_reader(&a, device), POLLIN, 0};
	printf("port %d\n", ntohs(*port_of(&a)));
	fflush(stdout);
	while (!over || poll(fds, sockets, 0) > 0) {
		if (poll(fds, sockets, 20) <= 0)
			continue;
		for (int i = 0; i < sockets; i++)
			while (recv(fds[i].fd, buf, sizeof(buf), MSG_DONTWAIT) >= 0)
				got++;
	}
	printf("read %ld\n", got);
	return 0;
}

/* ---- sending ---- */

static struct address mapped(const struct address *a)
{
	struct address m = {.len = sizeof(struct sockaddr_in6)};
	struct sockaddr_in6 *to = (struct sockaddr_in6 *)&m.ss;
	const struct sockaddr_in *from = (const struct sockaddr_in *)&a->ss;

	to->sin6_family = AF_INET6;
	to->sin6_port = from->sin_port;
	to->sin6_addr.s6_addr[10] = to->sin6_addr.s6_addr[11] = 0xff;
	memcpy(&to->sin6_addr.s6_addr[12], &from->sin_addr, 4);
	return m;
}

static void leave_by(int fd, const struct address *group, const char *device)
{
	int index = if_nametoindex(device);
	struct ip_mreqn m = {.imr_ifindex = index};

	if (group->ss.ss_family == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, index);
	else if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &m, sizeof(m)))
		die("IP_MULTICAST_IF");
}

static void send_one(int fd, const char *data, size_t n, int flags, const struct address *to)
{
	if (sendto(fd, data, n, flags, (const struct sockaddr *)&to->ss, to->len) != (ssize_t)n)
		die("sendto");
}

/* A whole datagram, its checksum left out; IPv6 has none without, and fills it in. */
static int open_raw(struct address *to, char *data)
{
	uint16_t head[4] = {htons(9999), *port_of(to), htons(SIZE), 0};
	int fd = socket(to->ss.ss_family, SOCK_RAW, IPPROTO_UDP);

	if (fd < 0)
		die("raw socket");
	if (to->ss.ss_family == AF_INET6)
		set(fd, IPPROTO_IPV6, IPV6_CHECKSUM, 6);
	memcpy(data, head, sizeof(head));
	*port_of(to) = 0;
	return fd;
}

static int send_all(const char *how, struct address to, long count, const char *device)
{
	bool gso = !strcmp(how, "gso"), cork = !strcmp(how, "cork"), raw = !strcmp(how, "raw");
	char data[SIZE * BURST] = "";
	int fd;

	if (!strcmp(how, "mapped"))
		to = mapped(&to);
	fd = raw ? open_raw(&to, data) : open_socket(to.ss.ss_family);
	if (gso)
		set(fd, IPPROTO_UDP, UDP_SEGMENT, SIZE);
	if (device)
		leave_by(fd, &to, device);
	for (long i = 0; i < count; i++) {
		for (int part = 0; cork && part < 2; part++)
			send_one(fd, data, SIZE, MSG_MORE, &to);
		send_one(fd, data, gso ? SIZE * BURST : SIZE, 0, &to);
		if (i % 50 == 49)
			usleep(1000);
	}
	return 0;
}

int main(int argc, char **argv)
{
	alarm(100);
	if (argc >= 4 && !strcmp(argv[1], "read"))
		return read_all(argv[2], atoi(argv[3]), argv[4]);
	if (argc >= 6 && !strcmp(argv[1], "send"))
		return send_all(argv[2], parse(argv[3], argv[4]), atol(argv[5]), argv[6]);
	fprintf(stderr, "usage: datagrams read ADDRESS SOCKETS [DEVICE]\n"
			"       datagrams send HOW ADDRESS PORT COUNT [DEVICE]\n");
	return 2;
}
