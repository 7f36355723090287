/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections of the rarer kinds, for the live tests: simultaneous opens, Fast
 * Open, keepalives, and receivers that do not read.
 *
 *   oddtcp serve ADDRESS PORT [OPTION...]	one connection; prints "port N"
 *   oddtcp connect ADDRESS PORT [OPTION...]
 *
 *   --from ADDRESS PORT	the local end
 *   --fastopen			data goes with the SYN, and is taken from it
 *   --keepalive		a probe each second that nothing comes
 *   --buffer BYTES		of the receive buffer
 *   --send BYTES		is written first
 *   --hold MS			then nothing is done for so long
 *   --abandon			then it closes at once, waiting for nothing
 *
 * At the end each reads to the other's FIN and closes; the client shuts down its
 * half first.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_FASTOPEN
#define MSG_FASTOPEN 0x20000000
#endif

static struct {
	const char *from, *from_port;
	bool fastopen, keepalive, abandon;
	int buffer, hold_ms;
	size_t send;
} opt;

static char bytes[65536];

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "oddtcp: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct addrinfo *address(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_STREAM},
			*ai;

	if (getaddrinfo(host, port, &hints, &ai))
		die(host);
	return ai;
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("setsockopt");
}

static int open_socket(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, SOCK_STREAM, 0);

	if (fd < 0)
		die("socket");
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (opt.buffer)
		set(fd, SOL_SOCKET, SO_RCVBUF, opt.buffer);
	if (opt.keepalive) {
		set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 1);
		set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
		set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	}
	return fd;
}

static void write_all(int fd, size_t n)
{
	while (n) {
		ssize_t done = write(fd, bytes, n < sizeof(bytes) ? n : sizeof(bytes));

		if (done < 0)
			die("write");
		n -= done;
	}
}

static void finish(int fd)
{
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		;
	if (n < 0)
		die("read");
	close(fd);
}

static void serve(const struct addrinfo *ai)
{
	struct sockaddr_in6 at;
	socklen_t len = sizeof(at);
	int fd = open_socket(ai), peer;

	if (opt.fastopen)
		set(fd, IPPROTO_TCP, TCP_FASTOPEN, 16);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) || listen(fd, 16) ||
	    getsockname(fd, (struct sockaddr *)&at, &len))
		die("listen");
	printf("port %d\n", ntohs(at.sin6_port)); /* where it is in v4 as well */
	fflush(stdout);
	peer = accept(fd, NULL, NULL);
	if (peer < 0)
		die("accept");
	write_all(peer, opt.send);
	usleep(opt.hold_ms * 1000);
	finish(peer);
}

static void connect_to(const struct addrinfo *ai)
{
	int fd = open_socket(ai);

	if (opt.from) {
		const struct addrinfo *from = address(opt.from, opt.from_port);

		if (bind(fd, from->ai_addr, from->ai_addrlen))
			die("bind");
	}
	if (opt.fastopen) {
		if (sendto(fd, bytes, opt.send, MSG_FASTOPEN, ai->ai_addr, ai->ai_addrlen) < 0)
			die("sendto");
	} else {
		if (connect(fd, ai->ai_addr, ai->ai_addrlen))
			die("connect");
		write_all(fd, opt.send);
	}
	usleep(opt.hold_ms * 1000);
	if (opt.abandon) {
		close(fd);
		return;
	}
	shutdown(fd, SHUT_WR);
	finish(fd);
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	for (int i = 4; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "0";

		if (!strcmp(argv[i], "--fastopen")) {
			opt.fastopen = true;
		} else if (!strcmp(argv[i], "--keepalive")) {
			opt.keepalive = true;
		} else if (!strcmp(argv[i], "--abandon")) {
			opt.abandon = true;
		} else if (!strcmp(argv[i], "--from") && i + 2 < argc) {
			opt.from = argv[++i], opt.from_port = argv[++i];
		} else if (!strcmp(argv[i], "--buffer")) {
			opt.buffer = atoi(value), i++;
		} else if (!strcmp(argv[i], "--hold")) {
			opt.hold_ms = atoi(value), i++;
		} else if (!strcmp(argv[i], "--send")) {
			opt.send = strtoul(value, NULL, 0), i++;
		} else {
			return 2;
		}
	}
	alarm(60);
	if (!strcmp(argv[1], "serve"))
		serve(address(argv[2], argv[3]));
	else
		connect_to(address(argv[2], argv[3]));
	return 0;
}
