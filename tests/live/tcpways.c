/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens and closes TCP connections in every way there is, and says which.
 *
 *   tcpways NAMESPACE-A TUN-A ADDRESS-A NAMESPACE-B TUN-B ADDRESS-B COUNT [WAY...]
 *
 * Both ends are sockets of the kernel, clients in A and servers in B; the wire
 * between the two tunnels is a thread of this program, that can hold packets or
 * lose them: so both ends can open, close or reset at the same time.
 *
 * For each end it prints "WAY SIDE COOKIE LOCAL-PORT REMOTE-PORT", the side c or
 * s; cookie 0 where the program never had the socket.  What must become of such an
 * end is the reader's to know.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "held.h"

#define MAX_CONNS 200000
#define PACKET_MAX 2048
#define PORTS_EACH                                                                                 \
	20000 /* connections to one listener: the kernel finds ports slowly when few are left */

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "tcpways: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void sleep_ms(long ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

/* ---- the wire ---- */

enum wire { WIRE_PASSES, WIRE_HOLDS, WIRE_HOLDS_SERVER /* what it sends */, WIRE_LOSES };

struct held {
	struct held *next;
	int to;
	ssize_t n;
	uint8_t packet[];
};

static _Atomic enum wire wire;
static _Atomic long packets, idle; /* seen, and looks that saw none: for those who wait for quiet */
static int tuns[2];

static void release(struct held **first, struct held ***last)
{
	for (struct held *h = *first, *next; h; h = next) {
		next = h->next;
		if (write(h->to, h->packet, h->n) < 0)
			die("write to the tunnel");
		free(h);
	}
	*first = NULL;
	*last = first;
}

static bool goes(enum wire w, int from)
{
	return w == WIRE_PASSES || (w == WIRE_HOLDS_SERVER && from == 0);
}

static void *wire_thread(void *arg)
{
	struct pollfd p[2] = {{tuns[0], POLLIN, 0}, {tuns[1], POLLIN, 0}};
	struct held *first = NULL, **last = &first;

	for (;;) {
		long before = packets;

		poll(p, 2, 1);
		if (wire == WIRE_PASSES)
			release(&first, &last);
		for (int i = 0; i < 2; i++) {
			struct held *h = malloc(sizeof(*h) + PACKET_MAX);

			if (!h)
				die("memory");
			h->next = NULL;
			h->to = tuns[!i];
			h->n = read(tuns[i], h->packet, PACKET_MAX);
			if (h->n > 0)
				packets++;
			if (h->n <= 0 || wire == WIRE_LOSES) {
				free(h);
			} else if (goes(wire, i)) {
				if (write(h->to, h->packet, h->n) < 0)
					die("write to the tunnel");
				free(h);
			} else {
				*last = h;
				last = &h->next;
			}
		}
		idle += packets == before;
	}
	return arg;
}

/* Nothing was on its way for a while, in which the wire, which may get no CPU, looked. */
static void settle(void)
{
	/* an emulated machine may stand still for a while */
	int quiet = getenv("EMULATED") ? 300 : 30;
	long before, looked;

	do {
		before = packets;
		looked = idle;
		sleep_ms(quiet);
	} while (packets != before || idle < looked + 3);
}

/* ---- both ends ---- */

static int ns[2];
static struct sockaddr_storage addr[2];
static socklen_t addr_len;

struct conn {
	int c, s;
	bool accepted;
	uint64_t cookie[2];
	int port[2];
};

static struct conn conns[MAX_CONNS];
static long count;

static void enter(int side)
{
	if (setns(ns[side], CLONE_NEWNET))
		die("setns");
}

static int open_tun(const char *name)
{
	struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	strncpy(r.ifr_name, name, IFNAMSIZ - 1);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &r))
		die(name);
	return fd;
}

static void parse(const char *text, struct sockaddr_storage *a)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)a;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)a;

	a->ss_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	addr_len = a->ss_family == AF_INET ? sizeof(*v4) : sizeof(*v6);
	if (!inet_pton(a->ss_family, text,
		       a->ss_family == AF_INET ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr))
		die(text);
}

static struct sockaddr_storage at_port(int side, int port)
{
	struct sockaddr_storage a = addr[side];

	/* the ports of both families lie at one place */
	((struct sockaddr_in *)&a)->sin_port = htons(port);
	return a;
}

static void set(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		die("setsockopt");
}

static int port_of(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &len))
		die("getsockname");
	return ntohs(((struct sockaddr_in *)&a)->sin_port);
}

static uint64_t cookie_of(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len))
		die("SO_COOKIE");
	return cookie;
}

static int new_socket(int side, int port)
{
	struct sockaddr_storage a = at_port(side, port);
	int fd;

	enter(side);
	fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (struct sockaddr *)&a, addr_len))
		die("bind");
	return fd;
}

static int new_listener(int backlog)
{
	int fd = new_socket(1, 0);

	set(fd, IPPROTO_TCP, TCP_FASTOPEN, 4096);
	if (listen(fd, backlog))
		die("listen");
	return fd;
}

static int start_connect(int fd, int side, int port)
{
	struct sockaddr_storage to = at_port(side, port);

	return connect(fd, (struct sockaddr *)&to, addr_len);
}

/* The client's end; lport 0: any. */
static void client_open(struct conn *c, int lport, int rport)
{
	c->c = new_socket(0, lport);
	c->s = -1;
	c->accepted = false;
	c->cookie[0] = cookie_of(c->c);
	c->cookie[1] = 0;
	c->port[0] = port_of(c->c);
	c->port[1] = rport;
}

static void server_accept(struct conn *c, int listener)
{
	c->s = accept(listener, NULL, NULL);
	if (c->s < 0)
		die("accept");
	c->accepted = true;
	c->cookie[1] = cookie_of(c->s);
}

static void open_one(struct conn *c, int listener, int lport)
{
	client_open(c, lport, port_of(listener));
	if (start_connect(c->c, 1, c->port[1]))
		die("connect");
	server_accept(c, listener);
}

static void open_all(void)
{
	int listener = new_listener(4096);

	for (long i = 0; i < count; i++)
		open_one(&conns[i], listener, 0);
	settle();
	close(listener);
}

static void tell(const char *way, const struct conn *c, bool server)
{
	printf("%s c %llu %d %d\n", way, (unsigned long long)c->cookie[0], c->port[0], c->port[1]);
	if (server)
		printf("%s s %llu %d %d\n", way, (unsigned long long)c->cookie[1], c->port[1],
		       c->port[0]);
}

static void close_resetting(int fd)
{
	struct linger l = {1, 0};

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(fd);
}

static void wait_for_end(int fd)
{
	char byte;

	while (recv(fd, &byte, 1, 0) > 0)
		;
}

#define EACH for (struct conn *k = conns; k < conns + count; k++)

static void each_client(void (*do_it)(int fd))
{
	EACH do_it(k->c);
	if (wire == WIRE_PASSES)
		settle();
}

static void each_server(void (*do_it)(int fd))
{
	EACH do_it(k->s);
	if (wire == WIRE_PASSES)
		settle();
}

static void do_close(int fd)
{
	close(fd);
}

static void do_shutdown(int fd)
{
	shutdown(fd, SHUT_WR);
}

static void do_send(int fd)
{
	send(fd, "x", 1, MSG_NOSIGNAL);
}

static void do_nonblock(int fd)
{
	fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void wire_becomes(enum wire to)
{
	wire = to;
	if (to != WIRE_PASSES)
		return;
	sleep_ms(5);
	settle();
}

/* ---- the ways ---- */

static void way_active(void)
{
	open_all();
	each_client(do_close);
	each_server(wait_for_end);
	each_server(do_close);
}

static void way_passive(void)
{
	open_all();
	each_server(do_close);
	each_client(wait_for_end);
	each_client(do_close);
}

static void way_half_close(void)
{
	open_all();
	each_client(do_shutdown);
	each_server(wait_for_end);
	each_server(do_send);
	each_server(do_close);
	each_client(wait_for_end);
	each_client(do_close);
}

static void way_both_close(void)
{
	open_all();
	wire_becomes(WIRE_HOLDS);
	each_client(do_close);
	each_server(do_close);
	sleep_ms(20);
	wire_becomes(WIRE_PASSES);
}

static void way_reset(void)
{
	open_all();
	each_client(close_resetting);
	each_server(do_close);
}

static void way_reset_close_wait(void)
{
	open_all();
	each_server(do_close);
	each_client(close_resetting);
}

static void way_reset_fin_wait_1(void)
{
	open_all();
	wire_becomes(WIRE_HOLDS);
	each_server(do_shutdown);
	each_client(close_resetting);
	sleep_ms(20);
	wire_becomes(WIRE_PASSES);
	each_server(do_close);
}

static void way_reset_fin_wait_2(void)
{
	open_all();
	each_server(do_shutdown);
	each_client(close_resetting);
	each_server(do_close);
}

/* Data for a connection that was closed: the answer is a reset. */
static void way_reset_last_ack(void)
{
	open_all();
	each_server(do_close);
	wire_becomes(WIRE_HOLDS);
	each_client(do_send);
	each_client(do_close);
	sleep_ms(20);
	wire_becomes(WIRE_PASSES);
}

static void do_no_linger2(int fd)
{
	set(fd, IPPROTO_TCP, TCP_LINGER2, -1);
}

static void way_no_fin_wait_2(void)
{
	open_all();
	each_client(do_no_linger2);
	each_client(do_shutdown);
	each_client(do_close);
	each_server(do_close);
}

static void do_linger2(int fd)
{
	set(fd, IPPROTO_TCP, TCP_LINGER2, 1);
}

/* The client's end is given up after a second. */
static void way_fin_wait_2_times_out(void)
{
	open_all();
	each_client(do_linger2);
	each_client(do_close);
	sleep_ms(3500);
	each_server(do_close);
}

static void way_refused(void)
{
	int port = port_of(new_socket(1, 0));

	EACH
	{
		client_open(k, 0, port);
		if (!start_connect(k->c, 1, port) || errno != ECONNREFUSED)
			die("not refused");
		close(k->c);
	}
}

static void way_given_up(void)
{
	int listener = new_listener(4096);

	wire_becomes(WIRE_LOSES);
	EACH
	{
		client_open(k, 0, port_of(listener));
		do_nonblock(k->c);
		start_connect(k->c, 1, k->port[1]);
	}
	each_client(do_close);
	sleep_ms(20);
	close(listener);
	wire_becomes(WIRE_PASSES);
}

static void do_wait_connected(int fd)
{
	struct pollfd p = {fd, POLLOUT, 0};

	poll(&p, 1, 10000);
}

static void way_timed_out(void)
{
	int listener = new_listener(4096);

	wire_becomes(WIRE_LOSES);
	EACH
	{
		client_open(k, 0, port_of(listener));
		set(k->c, IPPROTO_TCP, TCP_USER_TIMEOUT, 300);
		do_nonblock(k->c);
		start_connect(k->c, 1, k->port[1]);
	}
	each_client(do_wait_connected);
	each_client(do_close);
	close(listener);
	wire_becomes(WIRE_PASSES);
}

static void way_both_open(void)
{
	wire_becomes(WIRE_HOLDS);
	EACH
	{
		int server = new_socket(1, 0);

		client_open(k, 0, port_of(server));
		k->s = server;
		k->cookie[1] = cookie_of(k->s);
		k->accepted = true;
		do_nonblock(k->c);
		do_nonblock(k->s);
		start_connect(k->c, 1, k->port[1]);
		start_connect(k->s, 0, k->port[0]);
	}
	sleep_ms(20);
	wire_becomes(WIRE_PASSES);
	each_client(do_wait_connected);
	each_server(do_wait_connected);
	each_client(do_close);
	each_server(do_close);
}

/* The server accepts before the client has acknowledged its SYN. */
static void fast_open(bool close_early)
{
	int listener = new_listener(4096);

	EACH
	{
		struct sockaddr_storage to = at_port(1, port_of(listener));

		client_open(k, 0, port_of(listener));
		do_nonblock(k->c);
		wire = WIRE_HOLDS_SERVER;
		if (sendto(k->c, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&to, addr_len) != 1)
			die("Fast Open");
		server_accept(k, listener);
		if (close_early)
			shutdown(k->s, SHUT_WR);
		wire = WIRE_PASSES;
	}
	settle();
	close(listener);
	if (!close_early) {
		each_client(do_close);
		each_server(wait_for_end);
	} else {
		each_client(wait_for_end);
		each_client(do_close);
	}
	each_server(do_close);
}

static void way_fast_open(void)
{
	fast_open(false);
}

static void way_fast_open_closed(void)
{
	fast_open(true);
}

/* Its port is free again when the last acknowledgement has come. */
static void open_again(struct conn *c, int listener, int lport)
{
	for (;;) {
		client_open(c, lport, port_of(listener));
		if (!start_connect(c->c, 1, c->port[1]))
			break;
		if (errno != EADDRNOTAVAIL)
			die("connect");
		close(c->c);
		sleep_ms(5);
	}
	server_accept(c, listener);
}

/* The same client port again and again, while the server's end is in TIME_WAIT. */
static void way_port_again(void)
{
	int listener = new_listener(4096), lport = 0;

	EACH
	{
		open_again(k, listener, lport);
		lport = k->port[0];
		shutdown(k->s, SHUT_WR);
		wait_for_end(k->c);
		close(k->c);
		wait_for_end(k->s);
		close(k->s);
	}
	close(listener);
}

static void do_wait_error(int fd)
{
	struct pollfd p = {fd, 0, 0};

	poll(&p, 1, 10000);
}

static void way_listener_closed(void)
{
	int listener = new_listener(4096);

	EACH
	{
		client_open(k, 0, port_of(listener));
		if (start_connect(k->c, 1, k->port[1]))
			die("connect");
	}
	settle();
	close(listener);
	each_client(do_wait_error);
	each_client(do_close);
}

/* Its port is chosen by connect(), which finds one faster where there are many. */
static int new_connecting_socket(void)
{
	int fd;

	enter(0);
	fd = socket(addr[0].ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	return fd;
}

/* Clients that close before anybody accepts them, and are reset: no descriptor of theirs is left.
 */
static void way_unaccepted(void)
{
	int listeners[MAX_CONNS / PORTS_EACH + 1];

	for (long i = 0; i <= count / PORTS_EACH; i++)
		listeners[i] = new_listener(65535);
	EACH
	{
		int listener = listeners[(k - conns) / PORTS_EACH];

		*k = (struct conn){.c = new_connecting_socket(), .s = -1};
		k->cookie[0] = cookie_of(k->c);
		k->port[1] = port_of(listener);
		if (start_connect(k->c, 1, k->port[1]))
			die("connect");
		k->port[0] = port_of(k->c);
		close(k->c);
	}
	settle();
	for (long i = 0; i <= count / PORTS_EACH; i++)
		close(listeners[i]);
	settle();
}

static void do_user_timeout(int fd)
{
	set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 300);
}

static void way_user_timeout(void)
{
	open_all();
	each_client(do_user_timeout);
	wire_becomes(WIRE_LOSES);
	each_client(do_send);
	each_client(do_wait_error);
	each_client(do_close);
	each_server(close_resetting);
	wire_becomes(WIRE_PASSES);
}

static void do_keepalive(int fd)
{
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, 1);
}

static void way_keepalive(void)
{
	open_all();
	wire_becomes(WIRE_LOSES);
	each_client(do_keepalive);
	each_client(do_wait_error);
	each_client(do_close);
	each_server(close_resetting);
	wire_becomes(WIRE_PASSES);
}

/* More connections than the listener keeps: the others stay half open at the server's. */
static void way_backlog_full(void)
{
	int listener = new_listener(0);

	EACH
	{
		client_open(k, 0, port_of(listener));
		do_nonblock(k->c);
		start_connect(k->c, 1, k->port[1]);
	}
	sleep_ms(50);
	each_client(do_close);
	close(listener);
	settle();
}

#define STRAYS 20000 /* more than anybody keeps */

static char *page_to_send;

/* The socket is this thread's until the page is there: what comes for it waits. */
static void *send_held(void *conn)
{
	send(((struct conn *)conn)->s, page_to_send, 1, MSG_NOSIGNAL);
	return NULL;
}

static bool is_client_port(int port)
{
	EACH if (k->port[0] == port) return true;
	return false;
}

static void send_strays(int listener)
{
	uint8_t packet[PACKET_MAX];

	for (int port = 1; port <= STRAYS; port++) {
		size_t n = stray_ack(packet, &addr[0], port, &addr[1], port_of(listener));

		if (!is_client_port(port) && write(tuns[1], packet, n) < 0)
			die("write to the tunnel");
	}
	settle();
}

/*
 * The final ACK of every other handshake comes while the server's end (a Fast Open one, that it
 * has before) is being worked on, and many others come before it has its turn.
 */
static void way_held_open(void)
{
	int listener = new_listener(4096), uffd;
	pthread_t threads[MAX_CONNS / 1000];
	long held = count / 2;

	if (held > MAX_CONNS / 1000)
		die("too many at once");
	page_to_send = held_page(&uffd);
	if (!page_to_send)
		die("userfaultfd");
	for (struct conn *k = conns + held; k < conns + count; k++)
		open_one(k, listener, 0);
	wire = WIRE_HOLDS_SERVER;
	for (struct conn *k = conns; k < conns + held; k++) {
		struct sockaddr_storage to = at_port(1, port_of(listener));

		client_open(k, 0, port_of(listener));
		do_nonblock(k->c);
		if (sendto(k->c, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&to, addr_len) != 1)
			die("Fast Open");
		server_accept(k, listener);
		if (pthread_create(&threads[k - conns], NULL, send_held, k))
			die("thread");
	}
	sleep_ms(50);
	wire_becomes(WIRE_PASSES);
	send_strays(listener);
	if (held_release(uffd, page_to_send))
		die("userfaultfd");
	for (long i = 0; i < held; i++)
		pthread_join(threads[i], NULL);
	settle();
	close(listener);
	each_client(do_close);
	each_server(do_close);
}

static const struct {
	const char *name;
	void (*run)(void);
	bool server; /* it has a socket of its own */
} ways[] = {
	{"active", way_active, true},
	{"passive", way_passive, true},
	{"half-close", way_half_close, true},
	{"both-close", way_both_close, true},
	{"reset", way_reset, true},
	{"reset-close-wait", way_reset_close_wait, true},
	{"reset-fin-wait-1", way_reset_fin_wait_1, true},
	{"reset-fin-wait-2", way_reset_fin_wait_2, true},
	{"reset-last-ack", way_reset_last_ack, true},
	{"no-fin-wait-2", way_no_fin_wait_2, true},
	{"fin-wait-2-times-out", way_fin_wait_2_times_out, true},
	{"refused", way_refused, false},
	{"given-up", way_given_up, false},
	{"timed-out", way_timed_out, false},
	{"both-open", way_both_open, true},
	{"fast-open", way_fast_open, true},
	{"fast-open-closed", way_fast_open_closed, true},
	{"port-again", way_port_again, true},
	{"listener-closed", way_listener_closed, true},
	{"unaccepted", way_unaccepted, true},
	{"user-timeout", way_user_timeout, true},
	{"keepalive", way_keepalive, true},
	{"backlog-full", way_backlog_full, false},
	{"held-open", way_held_open, true},
};

#define NWAYS (sizeof(ways) / sizeof(*ways))

static void run(const char *name)
{
	for (size_t i = 0; i < NWAYS; i++) {
		if (strcmp(ways[i].name, name))
			continue;
		ways[i].run();
		settle(); /* the last segments too */
		EACH tell(name, k, ways[i].server);
		fflush(stdout);
		return;
	}
	errno = EINVAL;
	die(name);
}

static int open_ns(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

int main(int argc, char **argv)
{
	struct rlimit files = {MAX_CONNS * 2 + 100, MAX_CONNS * 2 + 100};
	pthread_t thread;

	if (argc < 8 || (count = atol(argv[7])) > MAX_CONNS) {
		fprintf(stderr,
			"usage: tcpways NS-A TUN-A ADDR-A NS-B TUN-B ADDR-B COUNT [WAY...]\n");
		return 2;
	}
	setrlimit(RLIMIT_NOFILE, &files);
	for (int side = 0; side < 2; side++) {
		ns[side] = open_ns(argv[1 + side * 3]);
		enter(side);
		tuns[side] = open_tun(argv[2 + side * 3]);
		parse(argv[3 + side * 3], &addr[side]);
	}
	if (pthread_create(&thread, NULL, wire_thread, NULL))
		die("thread");
	sleep_ms(200);
	for (int i = 8; i < argc; i++)
		run(argv[i]);
	for (size_t i = 0; argc == 8 && i < NWAYS; i++)
		run(ways[i].name);
	return 0;
}
