/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets each of which has one owner all its life, of kinds that owners.c has
 * not.  `ownkinds ADDRESS PORT HEIR` uses the ports from PORT on, one for each
 * socket or listener, and prints whose they are:
 *
 *	KIND PROTOCOL PORT PID NAME WHAT
 *
 * KIND ends in /6 over IPv6. WHAT: all that is told of the socket, or the data that it sent.  Who
 *is in a pid namespace of its own is named by the one that made it.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "uring.h"

#define TIMES 5
#define CHUNK 1000
#define LOT 300000

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static struct sockaddr_storage address;
static int next_port, protocol, server_protocol;
static const char *kind, *heir;
static char buffer[LOT];

static struct sockaddr_storage at_port(int port)
{
	struct sockaddr_storage a = address;

	((struct sockaddr_in *)&a)->sin_port = htons(port); /* where v6 has it too */
	return a;
}

static socklen_t length(void)
{
	return address.ss_family == AF_INET ? sizeof(struct sockaddr_in)
					    : sizeof(struct sockaddr_in6);
}

static void claim_for(pid_t pid, const char *what, int port, const char *scope)
{
	char line[160], name[17] = "";
	int n;

	prctl(PR_GET_NAME, name);
	n = snprintf(line, sizeof(line), "%s%s %s %d %d %s %s\n", kind,
		     address.ss_family == AF_INET6 ? "/6" : "", what, port, pid, name, scope);
	if (write(STDOUT_FILENO, line, n) != n)
		err(1, "write");
}

static int bound(int type, int port)
{
	struct sockaddr_storage a = at_port(port);
	bool stream = (type & 0xf) == SOCK_STREAM;
	int fd = socket(address.ss_family, type, stream ? protocol : 0), one = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (void *)&a, length()))
		err(1, "%s", kind);
	return fd;
}

static void dial(int fd, int port)
{
	struct sockaddr_storage a = at_port(port);

	if (connect(fd, (void *)&a, length()))
		err(1, "%s: connect", kind);
}

static pid_t child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static void await(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s: a process failed", kind);
}

static void ask(int fd)
{
	for (int i = 0; i < TIMES; i++)
		if (write(fd, buffer, CHUNK) != CHUNK || read(fd, buffer, CHUNK) <= 0)
			err(1, "%s: ask", kind);
}

/* --- servers --- */

static void answer(int fd)
{
	ssize_t n;

	while ((n = read(fd, buffer, CHUNK)) > 0)
		if (write(fd, buffer, n) != n)
			err(1, "%s: answer", kind);
}

static void swallow(int fd)
{
	usleep(30000); /* the other process ends before its data are there */
	while (read(fd, buffer, CHUNK) > 0)
		;
}

/* A process with a listener, that serves one connection, and closes some time behind the client. */
static pid_t server(int *port, void (*serve)(int fd))
{
	int ready[2];
	pid_t pid;
	char c;

	*port = next_port++;
	if (pipe(ready))
		err(1, "pipe");
	pid = child();
	if (!pid) {
		int in, fd;

		protocol = server_protocol;
		in = bound(SOCK_STREAM, *port);
		claim_for(getpid(), "tcp", *port, "all");
		if (listen(in, 8) || write(ready[1], "x", 1) != 1)
			err(1, "listen");
		fd = accept(in, NULL, NULL);
		serve(fd);
		usleep(80000); /* the FIN is acknowledged late: the client is in FIN_WAIT_2 then */
		_exit(0);
	}
	if (read(ready[0], &c, 1) != 1)
		errx(1, "%s: no server", kind);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

/* --- clients --- */

static void *from_thread(void *fd)
{
	prctl(PR_SET_NAME, "a-thread");
	ask(*(int *)fd);
	return NULL;
}

static int client(int mine, int port)
{
	int fd = bound(SOCK_STREAM, mine);

	dial(fd, port);
	return fd;
}

static void plain(void)
{
	int port, mine = next_port++, fd;
	pid_t pid = server(&port, answer);

	claim_for(getpid(), "tcp", mine, "all");
	fd = client(mine, port);
	ask(fd);
	close(fd);
	await(pid);
}

static void threads(void)
{
	int port, mine = next_port++, fd;
	pid_t pid = server(&port, answer);
	pthread_t thread;

	claim_for(getpid(), "tcp", mine, "all");
	fd = client(mine, port);
	if (pthread_create(&thread, NULL, from_thread, &fd) || pthread_join(thread, NULL))
		errx(1, "thread");
	close(fd);
	await(pid);
}

/* Nobody closes it. */
static void exited(void)
{
	int port, mine = next_port++, small = 8192;
	pid_t pid = server(&port, swallow), ends = child();

	if (!ends) {
		int fd;

		claim_for(getpid(), "tcp", mine, "all");
		fd = client(mine, port);
		setsockopt(fd, IPPROTO_TCP, 2 /* TCP_MAXSEG */, &small, sizeof(small));
		if (write(fd, buffer, LOT) != LOT)
			err(1, "write");
		_exit(0);
	}
	await(ends);
	await(pid);
}

/* The program by another name makes the socket. */
static void executed(const char *program)
{
	int port, mine = next_port++;
	pid_t pid = server(&port, answer), other;
	char text[2][16];

	snprintf(text[0], sizeof(text[0]), "%d", mine);
	snprintf(text[1], sizeof(text[1]), "%d", port);
	other = vfork();
	if (!other) {
		execl(program, program, "client", getenv("OWNKINDS"), kind, text[0], text[1], NULL);
		_exit(1);
	}
	await(other);
	await(pid);
}

static void in_pid_namespace(void)
{
	int port, mine = next_port++;
	pid_t pid = server(&port, answer), outer = child(), inner;

	if (outer) {
		await(outer);
		await(pid);
		return;
	}
	if (unshare(CLONE_NEWPID))
		err(1, "unshare");
	inner = child();
	if (!inner) {
		ask(client(mine, port));
		_exit(getpid() == 1 ? 0 : 1);
	}
	claim_for(inner, "tcp", mine, "all");
	await(inner);
	_exit(0);
}

static void datagrams(void)
{
	int small = 1, in = next_port++, out = next_port++, from = bound(SOCK_DGRAM, in),
	    to = bound(SOCK_DGRAM, out);

	claim_for(getpid(), "udp", in, "all");
	claim_for(getpid(), "udp", out, "all");
	setsockopt(from, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)); /* some are dropped */
	dial(to, in);
	for (int i = 0; i < 20; i++)
		if (write(to, buffer, CHUNK) != CHUNK)
			err(1, "send");
	close(to);
	close(from);
}

static void refused(void)
{
	int port = next_port++, mine = next_port++, fd = bound(SOCK_STREAM, mine);
	struct sockaddr_storage a = at_port(port);

	claim_for(getpid(), "tcp", mine, "all");
	if (!connect(fd, (void *)&a, length()) || errno != ECONNREFUSED)
		errx(1, "not refused");
	close(fd);
}

/* --- io_uring: one process has made the socket, the ring of another uses it --- */

static void ring_asks(struct ring *r, int fd)
{
	for (int i = 0; i < TIMES; i++)
		if (ring_do(r, IORING_OP_SEND, fd, buffer, CHUNK, 0) != CHUNK ||
		    ring_do(r, IORING_OP_RECV, fd, buffer, CHUNK, 0) <= 0)
			errx(1, "%s: ask", kind);
}

static void ring_client(unsigned setup, unsigned char flags)
{
	int port, mine = next_port++, fd;
	pid_t pid = server(&port, answer), user;
	struct sockaddr_storage to = at_port(port);
	struct ring r;

	fd = bound(SOCK_STREAM, mine);
	user = child();
	if (!user) {
		prctl(PR_SET_NAME, "ring-user");
		claim_for(getpid(), "tcp", mine, "all");
		ring_open(&r, setup, flags);
		if (ring_do(&r, IORING_OP_CONNECT, fd, &to, 0, length()))
			errx(1, "%s: connect", kind);
		ring_asks(&r, fd);
		_exit(0);
	}
	close(fd);
	await(user);
	await(pid);
}

static void ring_server(unsigned setup, unsigned char flags)
{
	int port = next_port++, mine = next_port++, in = bound(SOCK_STREAM, port), fd;
	pid_t asks, user;
	struct ring r;

	if (listen(in, 8))
		err(1, "listen");
	asks = child();
	if (!asks) {
		close(in);
		claim_for(getpid(), "tcp", mine, "all");
		ask(client(mine, port));
		_exit(0);
	}
	fd = accept(in, NULL, NULL);
	user = child();
	if (!user) {
		int n;

		prctl(PR_SET_NAME, "ring-user");
		claim_for(getpid(), "tcp", port, "data");
		ring_open(&r, setup, flags);
		while ((n = ring_do(&r, IORING_OP_READ, fd, buffer, CHUNK, 0)) > 0)
			if (ring_do(&r, IORING_OP_WRITE, fd, buffer, n, 0) != n)
				errx(1, "%s: answer", kind);
		_exit(0);
	}
	close(fd);
	close(in);
	await(user);
	await(asks);
}

static void rings(void)
{
	kind = "ring";
	ring_client(0, 0);
	ring_server(0, 0);
	kind = "ring-worker";
	ring_client(0, IOSQE_ASYNC);
	ring_server(0, IOSQE_ASYNC);
	kind = "ring-poller";
	ring_client(IORING_SETUP_SQPOLL, 0);
	ring_server(IORING_SETUP_SQPOLL, 0);
}

static void mptcp(const char *name, int of_client, int of_server)
{
	kind = name;
	protocol = of_client;
	server_protocol = of_server;
	plain();
}

/* The listener hears nothing, so the SYN is sent again. */
static pid_t lost(void)
{
	struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
	struct sock_fprog program = {1, &nothing};
	int port = next_port++, mine = next_port++;
	struct sockaddr_storage to = at_port(port);
	pid_t pid = child();
	int in, fd;

	if (pid)
		return pid;
	claim_for(getpid(), "tcp", port, "all");
	claim_for(getpid(), "tcp", mine, "all");
	in = bound(SOCK_STREAM, port);
	fd = bound(SOCK_STREAM | SOCK_NONBLOCK, mine);
	if (listen(in, 8) ||
	    setsockopt(in, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ||
	    !connect(fd, (void *)&to, length()))
		err(1, "%s", kind);
	usleep(1300000);
	_exit(0);
}

static bool has_rings(void)
{
	struct io_uring_params p = {0};
	int fd = syscall(SYS_io_uring_setup, 4, &p);

	close(fd);
	return fd >= 0;
}

static bool has_mptcp(void)
{
	int fd = socket(address.ss_family, SOCK_STREAM, IPPROTO_MPTCP);

	close(fd);
	return fd >= 0;
}

static void address_is(const char *text)
{
	struct sockaddr_in *v4 = (void *)&address;
	struct sockaddr_in6 *v6 = (void *)&address;

	address.ss_family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(address.ss_family, text,
		      address.ss_family == AF_INET ? (void *)&v4->sin_addr
						   : (void *)&v6->sin6_addr) != 1)
		errx(2, "%s: no address", text);
	setenv("OWNKINDS", text, 1);
}

int main(int argc, char **argv)
{
	pid_t waits;

	if (argc == 6 && !strcmp(argv[1], "client")) {
		address_is(argv[2]);
		kind = argv[3];
		claim_for(getpid(), "tcp", atoi(argv[4]), "all");
		ask(client(atoi(argv[4]), atoi(argv[5])));
		return 0;
	}
	if (argc != 4)
		errx(2, "usage: ownkinds ADDRESS PORT HEIR");
	address_is(argv[1]);
	next_port = atoi(argv[2]);
	heir = argv[3];
	alarm(30);
	kind = "lost";
	waits = lost();
	kind = "plain";
	plain();
	kind = "threads";
	threads();
	kind = "exited";
	exited();
	kind = "executed";
	executed(heir);
	kind = "pid-namespace";
	in_pid_namespace();
	kind = "datagrams";
	datagrams();
	kind = "refused";
	refused();
	if (has_rings())
		rings();
	if (has_mptcp()) {
		mptcp("mptcp", IPPROTO_MPTCP, IPPROTO_MPTCP);
		mptcp("mptcp-client", IPPROTO_MPTCP, 0);
		mptcp("mptcp-server", 0, IPPROTO_MPTCP);
	}
	kind = "lost";
	await(waits);
	return 0;
}
