/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes network conversations whose every byte is known beforehand, for the
 * live tests and the benchmarks.
 *
 * Both ends of a conversation get the same plan, such as c100,s1000,c20: the
 * client writes 100 bytes with one send(), the server 1000, the client 20. Each
 * write waits until the one before has arrived, so with TCP_NODELAY, offloads
 * off and sizes below the MSS every write is one segment. The bytes are a
 * function of their place in the stream, and the reader checks each of them.
 *
 * Exit status 0: the conversation went exactly as planned. 1: it did not, and
 * standard error says how. Nothing runs longer than --timeout seconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_TURNS 256

enum closing {
	CLOSE_PASSIVE,	/* wait for the other end's FIN, then close() */
	CLOSE_ACTIVE,	/* close() first */
	CLOSE_SHUTDOWN, /* shutdown(SHUT_WR) first, read to the other's FIN, then close() */
	CLOSE_RESET,	/* close() with a reset */
};

struct turn {
	char who; /* 'c' or 's' */
	uint32_t size;
};

struct options {
	struct turn turns[MAX_TURNS];
	int nturns;
	enum closing closing;
	long hold_ms;	/* between the last turn and the close */
	long linger_ms; /* passive close: between the other's FIN and our close() */
	long conns, count, size, coverage;
	uint64_t bytes;
	int lport;
	unsigned timeout;
	const char *server_netns; /* of load's server, as `ip netns` names it; NULL: ours */
};

static _Noreturn void die(const char *fmt, ...)
{
	va_list ap;

	fputs("traffic: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static _Noreturn void die_errno(const char *what)
{
	die("%s: %s", what, strerror(errno));
}

static void sleep_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* ---- addresses and sockets ---- */

struct endpoint {
	struct sockaddr_storage addr;
	socklen_t len;
};

static struct endpoint endpoint_parse(const char *host, const char *port, int socktype)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = socktype};
	struct addrinfo *ai;
	struct endpoint e = {.len = 0};
	int err = getaddrinfo(host, port, &hints, &ai);

	if (err)
		die("%s %s: %s", host, port, gai_strerror(err));
	memcpy(&e.addr, ai->ai_addr, ai->ai_addrlen);
	e.len = ai->ai_addrlen;
	freeaddrinfo(ai);
	return e;
}

static void endpoint_set_port(struct endpoint *e, int port)
{
	if (e->addr.ss_family == AF_INET)
		((struct sockaddr_in *)&e->addr)->sin_port = htons(port);
	else
		((struct sockaddr_in6 *)&e->addr)->sin6_port = htons(port);
}

static int local_port(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &len))
		die_errno("getsockname");
	return ntohs(a.ss_family == AF_INET ? ((struct sockaddr_in *)&a)->sin_port
					    : ((struct sockaddr_in6 *)&a)->sin6_port);
}

static int protocol; /* of datagrams; 0: UDP */

static int open_socket(const struct endpoint *e, int type)
{
	int one = 1,
	    fd = socket(e->addr.ss_family, type | SOCK_CLOEXEC, type == SOCK_DGRAM ? protocol : 0);

	if (fd < 0)
		die_errno("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (type == SOCK_STREAM && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		die_errno("TCP_NODELAY");
	return fd;
}

/* The tests read the port from the first line. */
static int open_server(const struct endpoint *e, int type)
{
	int fd = open_socket(e, type);

	if (bind(fd, (const struct sockaddr *)&e->addr, e->len))
		die_errno("bind");
	if (type == SOCK_STREAM && listen(fd, 128))
		die_errno("listen");
	printf("port %d\n", local_port(fd));
	fflush(stdout);
	return fd;
}

static int open_client(const struct endpoint *e, int type, int lport)
{
	struct endpoint any = {.addr.ss_family = e->addr.ss_family, .len = e->len};
	int fd = open_socket(e, type);

	endpoint_set_port(&any, lport);
	if (lport && bind(fd, (struct sockaddr *)&any.addr, any.len))
		die_errno("bind");
	return fd;
}

/* ---- the conversation ---- */

static uint8_t stream_byte(uint64_t at)
{
	return (uint8_t)(at * 31 + (at >> 8) + 'D');
}

static void stream_fill(uint8_t *buf, size_t n, uint64_t at)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = stream_byte(at + i);
}

static void stream_check(const uint8_t *buf, size_t n, uint64_t at)
{
	for (size_t i = 0; i < n; i++)
		if (buf[i] != stream_byte(at + i))
			die("byte %llu of the stream is 0x%02x, expected 0x%02x",
			    (unsigned long long)(at + i), buf[i], stream_byte(at + i));
}

static void write_all(int fd, const uint8_t *buf, size_t n)
{
	for (ssize_t done; n; buf += done, n -= done) {
		done = send(fd, buf, n, MSG_NOSIGNAL);
		if (done < 0)
			die_errno("send");
	}
}

static void read_all(int fd, uint8_t *buf, size_t n)
{
	for (ssize_t done; n; buf += done, n -= done) {
		done = recv(fd, buf, n, 0);
		if (done < 0)
			die_errno("recv");
		if (!done)
			die("end of stream %zu bytes early", n);
	}
}

/* The other end closes, or resets, after exactly the planned bytes. */
static void wait_for_fin(int fd)
{
	uint8_t byte;
	ssize_t n = recv(fd, &byte, 1, 0);

	if (n < 0 && errno != ECONNRESET)
		die_errno("recv at the end");
	if (n > 0)
		die("more bytes than planned");
}

static void close_stream(int fd, const struct options *o)
{
	struct linger reset = {.l_onoff = 1, .l_linger = 0};

	if (o->hold_ms)
		sleep_ms(o->hold_ms);
	switch (o->closing) {
	case CLOSE_PASSIVE:
		wait_for_fin(fd);
		sleep_ms(o->linger_ms);
		break;
	case CLOSE_SHUTDOWN:
		if (shutdown(fd, SHUT_WR))
			die_errno("shutdown");
		wait_for_fin(fd);
		break;
	case CLOSE_RESET:
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		break;
	case CLOSE_ACTIVE:
		break;
	}
	close(fd);
}

static uint8_t *turn_buffer(const struct options *o)
{
	size_t max = 1;

	for (int i = 0; i < o->nturns; i++)
		if (o->turns[i].size > max)
			max = o->turns[i].size;
	uint8_t *buf = malloc(max);
	if (!buf)
		die("out of memory");
	return buf;
}

static void talk_stream(int fd, char me, const struct options *o)
{
	uint8_t *buf = turn_buffer(o);
	uint64_t sent = 0, received = 0;

	for (int i = 0; i < o->nturns; i++) {
		const struct turn *t = &o->turns[i];

		if (t->who == me) {
			stream_fill(buf, t->size, sent);
			write_all(fd, buf, t->size);
			sent += t->size;
		} else {
			read_all(fd, buf, t->size);
			stream_check(buf, t->size, received);
			received += t->size;
		}
	}
	free(buf);
	close_stream(fd, o);
}

static int cmd_tcp_server(const struct endpoint *e, const struct options *o)
{
	int one = 1, lfd = open_server(e, SOCK_STREAM);

	for (long i = 0; i < o->conns; i++) {
		int fd = accept(lfd, NULL, NULL);

		if (fd < 0)
			die_errno("accept");
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		talk_stream(fd, 's', o);
	}
	return 0;
}

static int cmd_tcp_client(const struct endpoint *e, const struct options *o)
{
	int fd = open_client(e, SOCK_STREAM, o->lport);

	if (connect(fd, (const struct sockaddr *)&e->addr, e->len))
		die_errno("connect");
	printf("port %d\n", local_port(fd));
	fflush(stdout);
	talk_stream(fd, 'c', o);
	return 0;
}

static int cmd_refused(const struct endpoint *e, const struct options *o)
{
	for (long i = 0; i < o->count; i++) {
		int fd = open_client(e, SOCK_STREAM, o->lport);

		if (!connect(fd, (const struct sockaddr *)&e->addr, e->len))
			die("connected, though a refusal was expected");
		if (errno != ECONNREFUSED)
			die_errno("connect");
		close(fd);
	}
	return 0;
}

/* Datagrams: each turn is one datagram, its bytes counted from 0. */
static void talk_datagrams(int fd, char me, struct endpoint *peer, const struct options *o)
{
	uint8_t *buf = malloc(65536);

	if (!buf)
		die("out of memory");
	for (int i = 0; i < o->nturns; i++) {
		const struct turn *t = &o->turns[i];

		if (t->who == me) {
			stream_fill(buf, t->size, 0);
			if (sendto(fd, buf, t->size, 0, (struct sockaddr *)&peer->addr,
				   peer->len) != (ssize_t)t->size)
				die_errno("sendto");
			continue;
		}
		peer->len = sizeof(peer->addr);
		ssize_t n = recvfrom(fd, buf, 65536, 0, (struct sockaddr *)&peer->addr, &peer->len);
		if (n < 0)
			die_errno("recvfrom");
		if (n != (ssize_t)t->size)
			die("datagram %d has %zd bytes, expected %u", i, n, t->size);
		stream_check(buf, n, 0);
	}
	free(buf);
}

/* How much of each datagram the checksum covers. */
static void cover(int fd, const struct options *o)
{
	int bytes = (int)o->coverage;

	if (bytes &&
	    setsockopt(fd, IPPROTO_UDPLITE, 10 /* UDPLITE_SEND_CSCOV */, &bytes, sizeof(bytes)))
		die_errno("UDPLITE_SEND_CSCOV");
}

static int cmd_udp_server(const struct endpoint *e, const struct options *o)
{
	struct endpoint peer = {.len = 0};

	talk_datagrams(open_server(e, SOCK_DGRAM), 's', &peer, o);
	return 0;
}

static int cmd_udp_client(const struct endpoint *e, const struct options *o)
{
	struct endpoint any = {.addr.ss_family = e->addr.ss_family, .len = e->len}, peer = *e;
	int fd = open_socket(e, SOCK_DGRAM);

	endpoint_set_port(&any, o->lport);
	if (bind(fd, (struct sockaddr *)&any.addr, any.len))
		die_errno("bind");
	printf("port %d\n", local_port(fd));
	fflush(stdout);
	cover(fd, o);
	talk_datagrams(fd, 'c', &peer, o);
	return 0;
}

static int cmd_udplite_server(const struct endpoint *e, const struct options *o)
{
	protocol = IPPROTO_UDPLITE;
	return cmd_udp_server(e, o);
}

static int cmd_udplite_client(const struct endpoint *e, const struct options *o)
{
	protocol = IPPROTO_UDPLITE;
	return cmd_udp_client(e, o);
}

/* ---- load: many bytes, many connections, many turns; both ends in this program ---- */

static int open_netns(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die_errno(path);
	return fd;
}

/* The server's socket belongs to the namespace where it is made, whoever uses it. */
static int open_server_there(const struct endpoint *e, int type, const struct options *o)
{
	char path[256];
	int here, there, fd;

	if (!o->server_netns)
		return open_server(e, type);
	snprintf(path, sizeof(path), "/run/netns/%s", o->server_netns);
	here = open_netns("/proc/self/ns/net");
	there = open_netns(path);
	if (setns(there, CLONE_NEWNET))
		die_errno(path);
	fd = open_server(e, type);
	if (setns(here, CLONE_NEWNET))
		die_errno("the way back");
	close(here);
	close(there);
	return fd;
}

/* Runs serve(fd of a listening or bound socket) in a child; gives its pid and where to connect. */
static pid_t fork_server(struct endpoint *e, int type, const struct options *o,
			 void (*serve)(int fd, const struct options *o))
{
	int fd = open_server_there(e, type, o);
	pid_t pid;

	endpoint_set_port(e, local_port(fd));
	pid = fork();
	if (pid < 0)
		die_errno("fork");
	if (!pid) {
		alarm(o->timeout);
		serve(fd, o);
		exit(0);
	}
	close(fd);
	return pid;
}

static int reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) < 0)
		die_errno("waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

#define FLOOD_CHUNK (256 * 1024)

static uint64_t checksum_add(uint64_t sum, const uint8_t *buf, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum += buf[i];
	return sum;
}

/* The sum the receiver must find: of `bytes` bytes of the repeated chunk. */
static uint64_t flood_checksum(const uint8_t *chunk, uint64_t bytes)
{
	return checksum_add(0, chunk, FLOOD_CHUNK) * (bytes / FLOOD_CHUNK) +
	       checksum_add(0, chunk, bytes % FLOOD_CHUNK);
}

static void serve_flood(int lfd, const struct options *o)
{
	static uint8_t buf[FLOOD_CHUNK], chunk[FLOOD_CHUNK];
	uint64_t got = 0, sum = 0, want;
	int fd = accept(lfd, NULL, NULL);
	ssize_t n;

	stream_fill(chunk, sizeof(chunk), 0);
	want = flood_checksum(chunk, o->bytes);
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		got += n;
		sum = checksum_add(sum, buf, n);
	}
	if (n < 0)
		die_errno("recv");
	if (got != o->bytes || sum != want)
		die("received %llu bytes with sum %llx, expected %llu with sum %llx",
		    (unsigned long long)got, (unsigned long long)sum, (unsigned long long)o->bytes,
		    (unsigned long long)want);
}

static int cmd_flood(const struct endpoint *e, const struct options *o)
{
	static uint8_t chunk[FLOOD_CHUNK];
	struct endpoint to = *e;
	pid_t pid = fork_server(&to, SOCK_STREAM, o, serve_flood);
	int fd = open_client(&to, SOCK_STREAM, o->lport);
	double start = now(), took;

	stream_fill(chunk, sizeof(chunk), 0);
	if (connect(fd, (struct sockaddr *)&to.addr, to.len))
		die_errno("connect");
	for (uint64_t left = o->bytes; left;) {
		size_t n = left < FLOOD_CHUNK ? left : FLOOD_CHUNK;

		write_all(fd, chunk, n);
		left -= n;
	}
	if (o->closing == CLOSE_SHUTDOWN)
		close_stream(fd, o);
	else
		close(fd);
	if (reap(pid))
		die("the receiver failed");
	took = now() - start;
	printf("bytes %llu seconds %.3f MBps %.0f\n", (unsigned long long)o->bytes, took,
	       o->bytes / took / 1e6);
	return 0;
}

static void serve_connloop(int lfd, const struct options *o)
{
	for (long i = 0; i < o->count; i++) {
		int fd = accept(lfd, NULL, NULL);

		if (fd < 0)
			die_errno("accept");
		wait_for_fin(fd);
		close(fd);
	}
}

static int cmd_connloop(const struct endpoint *e, const struct options *o)
{
	struct endpoint to = *e;
	pid_t pid = fork_server(&to, SOCK_STREAM, o, serve_connloop);
	double start = now();

	for (long i = 0; i < o->count; i++) {
		int fd = open_client(&to, SOCK_STREAM, 0);

		if (connect(fd, (struct sockaddr *)&to.addr, to.len))
			die_errno("connect");
		if (shutdown(fd, SHUT_WR))
			die_errno("shutdown");
		wait_for_fin(fd);
		close(fd);
	}
	if (reap(pid))
		die("the server failed");
	printf("connections %ld us_each %.1f\n", o->count, (now() - start) / o->count * 1e6);
	return 0;
}

static void serve_pingpong(int fd, const struct options *o)
{
	static uint8_t buf[65536];

	for (long i = 0; i < o->count; i++) {
		struct endpoint peer = {.len = sizeof(peer.addr)};
		ssize_t n =
			recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&peer.addr, &peer.len);

		if (n < 0 || sendto(fd, buf, n, 0, (struct sockaddr *)&peer.addr, peer.len) != n)
			die_errno("echo");
	}
}

/* 4 IP events for each count on loopback: two datagrams, each sent and received. */
static int cmd_pingpong(const struct endpoint *e, const struct options *o)
{
	static uint8_t buf[65536];
	struct endpoint to = *e;
	pid_t pid = fork_server(&to, SOCK_DGRAM, o, serve_pingpong);
	int fd = open_client(&to, SOCK_DGRAM, o->lport);
	double start = now();

	if (connect(fd, (struct sockaddr *)&to.addr, to.len))
		die_errno("connect");
	stream_fill(buf, o->size, 0);
	for (long i = 0; i < o->count; i++)
		if (send(fd, buf, o->size, 0) != o->size ||
		    recv(fd, buf, sizeof(buf), 0) != o->size)
			die_errno("ping");
	if (reap(pid))
		die("the server failed");
	printf("roundtrips %ld us_each %.2f\n", o->count, (now() - start) / o->count * 1e6);
	return 0;
}

/* ---- ICMP ---- */

struct echo {
	uint8_t type, code;
	uint16_t checksum, id, seq;
};

/* ICMP's checksum; of ICMPv6 the kernel fills in its own. */
static uint16_t echo_checksum(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? (uint32_t)p[i] << 8 : p[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Waits up to a second for the answer to e, of the type given; raw sockets hear everybody's. */
static void await_echo(int fd, const struct echo *e, uint8_t type, bool with_ip_header)
{
	struct timeval second = {1, 0};
	uint8_t buf[65536];
	struct echo got;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
	for (;;) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);
		size_t at = with_ip_header ? (buf[0] & 15) * 4 : 0;

		if (n < 0)
			die_errno("no echo reply");
		if ((size_t)n < at + sizeof(got))
			continue;
		memcpy(&got, buf + at, sizeof(got));
		if (got.type == type && got.id == e->id && got.seq == e->seq)
			return;
	}
}

/* count echo requests of size bytes of data, each answered before the next. */
static int cmd_ping(const struct endpoint *e, const struct options *o)
{
	bool v4 = e->addr.ss_family == AF_INET;
	int fd = socket(e->addr.ss_family, SOCK_RAW | SOCK_CLOEXEC,
			v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
	size_t n = sizeof(struct echo) + o->size;
	uint8_t *buf = calloc(1, n);

	if (fd < 0 || !buf)
		die_errno("raw socket");
	for (long i = 0; i < o->count; i++) {
		struct echo echo = {
			.type = v4 ? 8 : 128, .id = (uint16_t)getpid(), .seq = (uint16_t)i};

		memcpy(buf, &echo, sizeof(echo));
		stream_fill(buf + sizeof(echo), o->size, 0);
		echo.checksum = v4 ? echo_checksum(buf, n) : 0;
		memcpy(buf, &echo, sizeof(echo));
		if (sendto(fd, buf, n, 0, (const struct sockaddr *)&e->addr, e->len) != (ssize_t)n)
			die_errno("sendto");
		await_echo(fd, &echo, v4 ? 0 : 129, v4);
	}
	free(buf);
	close(fd);
	return 0;
}

/* ---- UDP with a wrong checksum ---- */

static int cmd_badsum(const struct endpoint *e, const struct options *o)
{
	struct sockaddr_storage to = e->addr;
	bool v4 = to.ss_family == AF_INET;
	uint16_t *port = v4 ? &((struct sockaddr_in *)&to)->sin_port
			    : &((struct sockaddr_in6 *)&to)->sin6_port;
	size_t n = 8 + o->size;
	uint16_t head[4] = {htons(9999), *port, htons((uint16_t)n), htons(1)};
	int fd = socket(to.ss_family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
	uint8_t *buf = calloc(1, n);

	if (fd < 0 || !buf)
		die_errno("raw socket");
	*port = 0; /* of a raw socket's address: a protocol */
	stream_fill(buf + sizeof(head), o->size, 0);
	memcpy(buf, head, sizeof(head));
	for (long i = 0; i < o->count; i++)
		if (sendto(fd, buf, n, 0, (const struct sockaddr *)&to, e->len) != (ssize_t)n)
			die_errno("sendto");
	free(buf);
	close(fd);
	return 0;
}

/* ---- command line ---- */

static void parse_plan(struct options *o, char *text)
{
	for (char *save, *word = strtok_r(text, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		struct turn *t = &o->turns[o->nturns++];
		char *end;

		if (o->nturns == MAX_TURNS)
			die("more than %d turns", MAX_TURNS - 1);
		t->who = word[0];
		t->size = strtoul(word + 1, &end, 10);
		if ((t->who != 'c' && t->who != 's') || end == word + 1 || *end)
			die("a turn is cN or sN, not '%s'", word);
	}
}

static enum closing parse_closing(const char *word)
{
	static const char *const names[] = {
		[CLOSE_PASSIVE] = "passive",
		[CLOSE_ACTIVE] = "active",
		[CLOSE_SHUTDOWN] = "shutdown",
		[CLOSE_RESET] = "reset",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], word))
			return i;
	die("--close %s: passive, active, shutdown or reset", word);
}

static void parse_option(struct options *o, const char *name, char *value)
{
	static const struct {
		const char *name;
		size_t offset;
	} numbers[] = {
		{"--hold-ms", offsetof(struct options, hold_ms)},
		{"--linger-ms", offsetof(struct options, linger_ms)},
		{"--conns", offsetof(struct options, conns)},
		{"--count", offsetof(struct options, count)},
		{"--size", offsetof(struct options, size)},
		{"--coverage", offsetof(struct options, coverage)},
	};

	if (!value)
		die("%s needs a value", name);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!strcmp(name, numbers[i].name)) {
			*(long *)((char *)o + numbers[i].offset) = strtol(value, NULL, 10);
			return;
		}
	}
	if (!strcmp(name, "--talk"))
		parse_plan(o, value);
	else if (!strcmp(name, "--close"))
		o->closing = parse_closing(value);
	else if (!strcmp(name, "--bytes"))
		o->bytes = strtoull(value, NULL, 10);
	else if (!strcmp(name, "--lport"))
		o->lport = atoi(value);
	else if (!strcmp(name, "--timeout"))
		o->timeout = atoi(value);
	else if (!strcmp(name, "--server-netns"))
		o->server_netns = value;
	else
		die("unknown option %s", name);
}

static void on_alarm(int sig)
{
	static const char text[] = "traffic: not done in time\n";

	(void)sig;
	if (write(2, text, sizeof(text) - 1) < 0)
		_exit(3);
	_exit(3);
}

static const struct {
	const char *name, *usage;
	int socktype;
	int (*run)(const struct endpoint *e, const struct options *o);
} commands[] = {
	{"tcp-server", "--talk PLAN [--close HOW] [--linger-ms N] [--conns N]", SOCK_STREAM,
	 cmd_tcp_server},
	{"tcp-client", "--talk PLAN [--close HOW] [--hold-ms N] [--lport N]", SOCK_STREAM,
	 cmd_tcp_client},
	{"udp-server", "--talk PLAN", SOCK_DGRAM, cmd_udp_server},
	{"udp-client", "--talk PLAN [--lport N]", SOCK_DGRAM, cmd_udp_client},
	{"udplite-server", "--talk PLAN", SOCK_DGRAM, cmd_udplite_server},
	{"udplite-client", "--talk PLAN [--coverage BYTES]", SOCK_DGRAM, cmd_udplite_client},
	{"refused", "[--lport N] [--count N]", SOCK_STREAM, cmd_refused},
	{"flood", "--bytes N [--close shutdown] [--server-netns NAME]", SOCK_STREAM, cmd_flood},
	{"connloop", "--count N [--server-netns NAME]", SOCK_STREAM, cmd_connloop},
	{"pingpong", "--count N --size N [--server-netns NAME]", SOCK_DGRAM, cmd_pingpong},
	{"ping", "--count N --size N", SOCK_DGRAM, cmd_ping},
	{"badsum", "--count N --size N", SOCK_DGRAM, cmd_badsum},
};

int main(int argc, char **argv)
{
	struct options o = {.conns = 1, .count = 1, .size = 64, .timeout = 20};

	for (size_t i = 0; argc >= 4 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		for (int arg = 4; arg < argc; arg += 2)
			parse_option(&o, argv[arg], argv[arg + 1]);
		struct endpoint e = endpoint_parse(argv[2], argv[3], commands[i].socktype);
		signal(SIGALRM, on_alarm);
		alarm(o.timeout);
		return commands[i].run(&e, &o);
	}
	fprintf(stderr, "usage: traffic COMMAND ADDRESS PORT [--timeout SECONDS] ...\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stderr, "       %s %s\n", commands[i].name, commands[i].usage);
	return 2;
}
