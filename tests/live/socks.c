/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Both ends of a TCP connection in one program, each in its network namespace,
 * moved step by step; when nothing is under way it says what the kernel says of
 * an end. The judge of what the tracer prints of the same socket.
 *
 *   socks NETNS-A NETNS-B ADDRESS-A ADDRESS-B STEP...
 *
 * Ends are a, which connects, and b, which accepts. Steps:
 *
 *   open            a connects to b; does not wait
 *   accept          b accepts
 *   udp             UDP sockets instead, connected to each other
 *   a.born          from here on the initial numbers of a are known
 *   a.send=N        writes N bytes
 *   a.recv=N        reads N bytes
 *   a.urgent        writes one urgent byte
 *   a.shut, a.close
 *   a.debug, a.mark=N, a.congestion=NAME
 *   a.info=KEY      prints "END:KEY at=NANOSECONDS name=value ..."; a TCP socket's
 *                   key begins with the number of the state that it must have
 *   a.calm=N        so many segments have been sent again so far
 *   sleep=MS, run=COMMAND
 *
 * Status 3: a state or N was another one; steps came too early or too late.
 *
 * What TCP_INFO has not comes from TCP_REPAIR, which is switched on for the
 * reading alone and sends nothing: sequence numbers and windows.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WAIT_MS 10000
#define OUT_OF_TIME 3 /* exit status */

struct end {
	char name;
	int netns, fd;
	struct sockaddr_storage addr, peer;
	socklen_t addr_len;
	uint32_t iss, irs;
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "socks: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int socket_in(const struct end *e, int type)
{
	int one = 1, fd;

	if (setns(e->netns, CLONE_NEWNET))
		die("setns");
	fd = socket(e->addr.ss_family, type | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&e->addr, e->addr_len))
		die("bind");
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void local_name(int fd, struct sockaddr_storage *addr)
{
	socklen_t len = sizeof(*addr);

	if (getsockname(fd, (struct sockaddr *)addr, &len))
		die("getsockname");
}

static void open_connection(struct end *a, int listener)
{
	local_name(listener, &a->peer);
	a->fd = socket_in(a, SOCK_STREAM);
	if (fcntl(a->fd, F_SETFL, O_NONBLOCK) ||
	    (connect(a->fd, (struct sockaddr *)&a->peer, a->addr_len) && errno != EINPROGRESS))
		die("connect");
}

static void wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	if (poll(&p, 1, WAIT_MS) != 1) {
		errno = ETIMEDOUT;
		die("poll");
	}
}

static void accept_connection(struct end *b, int listener)
{
	socklen_t len = sizeof(b->peer);

	wait_for(listener, POLLIN);
	b->fd = accept(listener, (struct sockaddr *)&b->peer, &len);
	if (b->fd < 0 || fcntl(b->fd, F_SETFL, O_NONBLOCK))
		die("accept");
}

static void connect_datagrams(struct end *a, struct end *b)
{
	a->fd = socket_in(a, SOCK_DGRAM);
	b->fd = socket_in(b, SOCK_DGRAM);
	local_name(a->fd, &b->peer);
	local_name(b->fd, &a->peer);
	if (connect(a->fd, (struct sockaddr *)&a->peer, a->addr_len) ||
	    connect(b->fd, (struct sockaddr *)&b->peer, b->addr_len))
		die("connect");
}

/* ---- what the kernel says ---- */

static uint32_t option(int fd, int level, int name)
{
	uint32_t value = 0;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, level, name, &value, &len))
		die("getsockopt");
	return value;
}

static void set_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		die("setsockopt");
}

struct sequence {
	uint32_t write, read;
	struct tcp_repair_window window;
};

static struct sequence sequence_of(int fd)
{
	struct sequence s = {0};
	socklen_t len = sizeof(s.window);

	set_option(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_ON);
	set_option(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_SEND_QUEUE);
	s.write = option(fd, IPPROTO_TCP, TCP_QUEUE_SEQ);
	set_option(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_RECV_QUEUE);
	s.read = option(fd, IPPROTO_TCP, TCP_QUEUE_SEQ);
	set_option(fd, IPPROTO_TCP, TCP_REPAIR_QUEUE, TCP_NO_QUEUE);
	if (getsockopt(fd, IPPROTO_TCP, TCP_REPAIR_WINDOW, &s.window, &len))
		die("TCP_REPAIR_WINDOW");
	set_option(fd, IPPROTO_TCP, TCP_REPAIR, TCP_REPAIR_OFF_NO_WP);
	return s;
}

/* The numbers of RFC 9293's states that the providers use, by Linux's. */
static int state_number(int linux_state)
{
	static const int numbers[] = {-1, 4, 2, 3, 6, 9, 10, 0, 5, 8, 1, 7};

	return numbers[linux_state];
}

static void say_name(const char *which, const struct sockaddr_storage *s)
{
	char text[INET6_ADDRSTRLEN] = "";
	bool v4 = s->ss_family == AF_INET;

	inet_ntop(s->ss_family,
		  v4 ? (const void *)&((const struct sockaddr_in *)s)->sin_addr
		     : (const void *)&((const struct sockaddr_in6 *)s)->sin6_addr,
		  text, sizeof(text));
	printf(" %saddr=%s %sport=%u", which, text, which,
	       ntohs(((const struct sockaddr_in *)s)->sin_port));
}

static void say_identity(const struct end *e)
{
	struct sockaddr_storage local;
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);
	struct stat st;

	if (getsockopt(e->fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) || fstat(e->netns, &st))
		die("identity");
	local_name(e->fd, &local);
	say_name("l", &local);
	say_name("r", &e->peer);
	printf(" cookie=%llu netns=%llu active=%d debug=%u mark=%u", (unsigned long long)cookie,
	       (unsigned long long)st.st_ino, e->name == 'a', option(e->fd, SOL_SOCKET, SO_DEBUG),
	       option(e->fd, SOL_SOCKET, SO_MARK));
}

static void say_numbers(const struct end *e, const struct tcp_info *i)
{
	struct sequence s = sequence_of(e->fd);
	int unacked = 0, unsent = 0;
	char congestion[16] = "";
	socklen_t len = sizeof(congestion);

	if (getsockopt(e->fd, IPPROTO_TCP, TCP_CONGESTION, congestion, &len))
		die("TCP_CONGESTION");
	if (ioctl(e->fd, SIOCOUTQ, &unacked) || ioctl(e->fd, SIOCOUTQNSD, &unsent))
		die("SIOCOUTQ");
	if (i->tcpi_state == 2 /* SYN_SENT */) /* the ioctl counts no SYN */
		unacked = 1;
	printf(" iss=%u irs=%u suna=%u snxt=%u", e->iss, e->irs, s.write - unacked,
	       s.write - unsent);
	printf(" rnxt=%u rack=%u radv=%u rwnd=%u swnd=%u swl1=%u", s.read, s.window.rcv_wup,
	       s.window.rcv_wup + s.window.rcv_wnd, s.window.rcv_wnd, s.window.snd_wnd,
	       s.window.snd_wl1);
	printf(" congestion=%s snd_ws=%u rcv_ws=%u", congestion, i->tcpi_snd_wscale,
	       i->tcpi_rcv_wscale);
}

/* The clock of D's timestamp. */
static unsigned long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void say_info(struct end *e, const char *key)
{
	struct tcp_info i = {0};
	socklen_t len = sizeof(i);
	int state;

	if (option(e->fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM) {
		printf("%c:%s at=%llu", e->name, key, now_ns());
		say_identity(e);
		printf("\n");
		return;
	}
	if (getsockopt(e->fd, IPPROTO_TCP, TCP_INFO, &i, &len))
		die("TCP_INFO");
	state = state_number(i.tcpi_state);
	if (state != atoi(key))
		exit(OUT_OF_TIME);
	printf("%c:%s at=%llu state=%d", e->name, key, now_ns(), state);
	say_identity(e);
	say_numbers(e, &i);
	printf(" cwnd=%u ssthresh=%u mss=%u", i.tcpi_snd_cwnd * i.tcpi_snd_mss,
	       i.tcpi_snd_ssthresh == 0x7fffffff ? i.tcpi_snd_ssthresh
						 : i.tcpi_snd_ssthresh * i.tcpi_snd_mss,
	       i.tcpi_snd_mss);
	printf(" rto=%u srtt=%u srtt_us=%u rttvar=%u", i.tcpi_rto / 1000, i.tcpi_rtt / 1000,
	       i.tcpi_rtt, i.tcpi_rttvar / 1000);
	/* without a sample the kernel says ~0 */
	printf(" minrtt=%u", i.tcpi_min_rtt == ~0u ? 0 : i.tcpi_min_rtt);
	printf(" inflight=%u", i.tcpi_unacked - i.tcpi_sacked - i.tcpi_lost + i.tcpi_retrans);
	printf(" total_retrans=%u delivery_rate=%llu\n", i.tcpi_total_retrans,
	       (unsigned long long)i.tcpi_delivery_rate);
	fflush(stdout);
}

static void calm(const struct end *e, unsigned retransmissions)
{
	struct tcp_info i = {0};
	socklen_t len = sizeof(i);

	if (getsockopt(e->fd, IPPROTO_TCP, TCP_INFO, &i, &len))
		die("TCP_INFO");
	if (i.tcpi_total_retrans != retransmissions)
		exit(OUT_OF_TIME);
}

static void born(struct end *e)
{
	struct sequence s = sequence_of(e->fd);

	e->iss = s.write - 1;
	e->irs = s.read ? s.read - 1 : 0;
}

/* ---- steps ---- */

static void send_bytes(int fd, size_t n, int flags)
{
	static char buf[1 << 20];

	for (ssize_t done; n; n -= done) {
		wait_for(fd, POLLOUT);
		done = send(fd, buf, n < sizeof(buf) ? n : sizeof(buf), MSG_NOSIGNAL | flags);
		if (done < 0)
			die("send");
	}
}

static void receive_bytes(int fd, size_t n)
{
	static char buf[1 << 20];

	for (ssize_t done; n; n -= done) {
		wait_for(fd, POLLIN);
		done = recv(fd, buf, n < sizeof(buf) ? n : sizeof(buf), 0);
		if (done <= 0)
			die("recv");
	}
}

static void step_of_end(struct end *e, const char *step, const char *value)
{
	if (!strcmp(step, "born"))
		born(e);
	else if (!strcmp(step, "send"))
		send_bytes(e->fd, atoi(value), 0);
	else if (!strcmp(step, "urgent"))
		send_bytes(e->fd, 1, MSG_OOB);
	else if (!strcmp(step, "recv"))
		receive_bytes(e->fd, atoi(value));
	else if (!strcmp(step, "shut"))
		shutdown(e->fd, SHUT_WR);
	else if (!strcmp(step, "close"))
		close(e->fd);
	else if (!strcmp(step, "debug"))
		set_option(e->fd, SOL_SOCKET, SO_DEBUG, 1);
	else if (!strcmp(step, "mark"))
		set_option(e->fd, SOL_SOCKET, SO_MARK, atoi(value));
	else if (!strcmp(step, "congestion") &&
		 setsockopt(e->fd, IPPROTO_TCP, TCP_CONGESTION, value, strlen(value)))
		die(value);
	else if (!strcmp(step, "calm"))
		calm(e, atoi(value));
	else if (!strcmp(step, "info"))
		say_info(e, value);
}

static void step(struct end *a, struct end *b, int listener, char *text)
{
	char *value = strchr(text, '=');

	if (value)
		*value++ = '\0';
	else
		value = "";
	if (text[1] == '.')
		step_of_end(*text == 'a' ? a : b, text + 2, value);
	else if (!strcmp(text, "open"))
		open_connection(a, listener);
	else if (!strcmp(text, "accept"))
		accept_connection(b, listener);
	else if (!strcmp(text, "udp"))
		connect_datagrams(a, b);
	else if (!strcmp(text, "sleep"))
		usleep(atoi(value) * 1000);
	else if (!strcmp(text, "run") && system(value))
		die(value);
}

static void set_end(struct end *e, const char *netns, const char *address)
{
	char path[128];

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	e->netns = open(path, O_RDONLY | O_CLOEXEC);
	if (e->netns < 0)
		die(path);
	if (inet_pton(AF_INET, address, &((struct sockaddr_in *)&e->addr)->sin_addr) == 1) {
		e->addr.ss_family = AF_INET;
		e->addr_len = sizeof(struct sockaddr_in);
	} else if (inet_pton(AF_INET6, address, &((struct sockaddr_in6 *)&e->addr)->sin6_addr) ==
		   1) {
		e->addr.ss_family = AF_INET6;
		e->addr_len = sizeof(struct sockaddr_in6);
	} else {
		die(address);
	}
}

int main(int argc, char **argv)
{
	struct end a = {.name = 'a'}, b = {.name = 'b'};
	int listener;

	if (argc < 6) {
		fprintf(stderr, "usage: socks NETNS-A NETNS-B ADDRESS-A ADDRESS-B STEP...\n");
		return 2;
	}
	alarm(60);
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
	set_end(&a, argv[1], argv[3]);
	set_end(&b, argv[2], argv[4]);
	listener = socket_in(&b, SOCK_STREAM);
	if (listen(listener, 8))
		die("listen");
	for (int i = 5; i < argc; i++)
		step(&a, &b, listener, argv[i]);
	return 0;
}
