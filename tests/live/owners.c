/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traffic that says whose it is.  `owners ADDRESS HEIR` runs connections
 * of many kinds on one address; `owners ADDRESS older GO` begins with sockets that are
 * there before the trace, and goes on when the file GO exists.  Each process
 * prints a claim when a socket becomes its own, before the call that makes it so:
 *
 *	KIND PROTOCOL LOCAL-PORT REMOTE-PORT PID TIME NAME UID UNTIL
 *
 * (remote port 0: any other; times: CLOCK_MONOTONIC, ns; the last claim before a
 * packet counts, but up to UNTIL the one before it may: where the call that
 * makes it so receives, what comes just before the call is not yet this process's).
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REQUESTS 20 /* of each connection */
#define CHUNK 3000

static struct in_addr address;
static const char *kind;
static char buffer[CHUNK];

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int port_of(int fd, int (*of)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_in a = {0};
	socklen_t n = sizeof(a);

	return of(fd, (void *)&a, &n) ? 0 : ntohs(a.sin_port);
}

/* One write(), so that lines of several processes stay whole. */
static void claim_until(const char *protocol, int local, int remote, uint64_t time, uint64_t until)
{
	char line[160], name[17] = "";
	int n;

	prctl(PR_GET_NAME, name);
	n = snprintf(line, sizeof(line), "%s %s %d %d %d %llu %s %d %llu\n", kind, protocol, local,
		     remote, getpid(), (unsigned long long)time, name, getuid(),
		     (unsigned long long)until);
	if (write(STDOUT_FILENO, line, n) != n)
		err(1, "write");
}

static void claim_at(const char *protocol, int local, int remote, uint64_t time)
{
	claim_until(protocol, local, remote, time, 0);
}

static void claim(const char *protocol, int fd)
{
	claim_at(protocol, port_of(fd, getsockname), port_of(fd, getpeername), now());
}

static int bound(int type, int *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = address};
	int fd = socket(AF_INET, type, 0);

	if (fd < 0 || bind(fd, (void *)&a, sizeof(a)))
		err(1, "socket");
	*port = port_of(fd, getsockname);
	return fd;
}

static int listener(int *port)
{
	int fd = bound(SOCK_STREAM, port);

	claim_at("tcp", *port, 0, 0);
	if (listen(fd, 64))
		err(1, "listen");
	return fd;
}

static struct sockaddr_in peer(int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr = address, .sin_port = htons(port)};
}

static int connected(int to)
{
	struct sockaddr_in a = peer(to);
	int port, fd = bound(SOCK_STREAM, &port);

	claim_at("tcp", port, to, 0);
	if (connect(fd, (void *)&a, sizeof(a)))
		err(1, "connect");
	return fd;
}

static bool get(int fd, size_t n)
{
	while (n) {
		ssize_t got = read(fd, buffer, n < CHUNK ? n : CHUNK);

		if (got <= 0)
			return false;
		n -= got;
	}
	return true;
}

static void put(int fd, size_t n)
{
	while (n) {
		ssize_t put = write(fd, buffer, n < CHUNK ? n : CHUNK);

		if (put <= 0)
			err(1, "write");
		n -= put;
	}
}

static void ask(int fd, int times)
{
	for (int i = 0; i < times; i++) {
		put(fd, CHUNK);
		if (!get(fd, CHUNK))
			errx(1, "no answer");
	}
}

/* The first byte, by which a socket becomes this process's. */
static bool get_first(int fd)
{
	int local = port_of(fd, getsockname), remote = port_of(fd, getpeername);
	uint64_t before = now();
	bool got = get(fd, 1);

	claim_until("tcp", local, remote, before, now());
	return got;
}

static void answer(int fd)
{
	for (bool more = get_first(fd) && get(fd, CHUNK - 1); more; more = get(fd, CHUNK))
		put(fd, CHUNK);
	close(fd);
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

/* --- servers --- */

static pid_t clients(int port, int connections)
{
	pid_t pid = child();

	if (pid)
		return pid;
	for (int i = 0; i < connections; i++) {
		int fd = connected(port);

		ask(fd, REQUESTS);
		close(fd);
	}
	_exit(0);
}

static void forking(void)
{
	int port, in = listener(&port);
	pid_t all = clients(port, 20);

	for (int i = 0; i < 20; i++) {
		int fd = accept(in, NULL, NULL);
		pid_t pid = child();

		if (!pid) {
			answer(fd);
			_exit(0);
		}
		close(fd);
		await(pid);
	}
	await(all);
	close(in);
}

static void pre_forking(void)
{
	int port, in = listener(&port);
	pid_t workers[3], all[2];

	for (int i = 0; i < 3; i++) {
		workers[i] = child();
		if (workers[i])
			continue;
		for (;;)
			answer(accept(in, NULL, NULL));
	}
	for (int i = 0; i < 2; i++)
		all[i] = clients(port, 10);
	for (int i = 0; i < 2; i++)
		await(all[i]);
	for (int i = 0; i < 3; i++) {
		kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	close(in);
}

/* A server of one connection after the other, whose own packets are right as those of a plain one.
 */
static pid_t plain_server(int *port, int connections, int wait_ms)
{
	int in = listener(port);
	pid_t pid = child();

	if (pid) {
		close(in);
		return pid;
	}
	for (int i = 0; i < connections; i++) {
		int fd = accept(in, NULL, NULL);

		if (wait_ms) {
			usleep(wait_ms * 1000);
			get_first(fd);
			while (get(fd, 1))
				;
			close(fd);
		} else {
			answer(fd);
		}
	}
	_exit(0);
}

/* --- sockets that change hands --- */

static void send_fd(int to, int fd)
{
	char c = 'x', space[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec v = {&c, 1};
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = space,
			   .msg_controllen = sizeof(space)};
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);

	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(h), &fd, sizeof(int));
	if (sendmsg(to, &m, 0) != 1)
		err(1, "sendmsg");
}

static int take_fd(int from)
{
	char c, space[CMSG_SPACE(sizeof(int))];
	struct iovec v = {&c, 1};
	struct msghdr m = {.msg_iov = &v,
			   .msg_iovlen = 1,
			   .msg_control = space,
			   .msg_controllen = sizeof(space)};
	int fd;

	if (recvmsg(from, &m, 0) != 1)
		err(1, "recvmsg");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(int));
	return fd;
}

static void passed(void)
{
	int port, pair[2];
	pid_t server = plain_server(&port, 20, 0), other;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		err(1, "socketpair");
	other = child();
	if (!other) {
		for (int i = 0; i < 20; i++) {
			int fd = take_fd(pair[1]);

			claim("tcp", fd);
			ask(fd, REQUESTS);
			close(fd);
		}
		_exit(0);
	}
	for (int i = 0; i < 20; i++) {
		int fd = connected(port);

		ask(fd, 3);
		send_fd(pair[0], fd);
		close(fd);
	}
	await(other);
	await(server);
}

/* The heir is this program by another name. */
static void inherited(const char *heir)
{
	char text[16];
	int port;
	pid_t server = plain_server(&port, 20, 0);

	for (int i = 0; i < 20; i++) {
		int fd = connected(port);
		pid_t pid = child();

		if (!pid) {
			snprintf(text, sizeof(text), "%d", fd);
			execl(heir, heir, inet_ntoa(address), "inherit", text, NULL);
			err(1, "%s", heir);
		}
		close(fd);
		await(pid);
	}
	await(server);
}

/* The same process by another name, with data in flight. */
static void renamed(const char *heir)
{
	char text[2][32];
	int port;
	pid_t server = plain_server(&port, 5, 20);

	for (int i = 0; i < 5; i++) {
		pid_t pid = child();

		if (!pid) {
			int fd = connected(port);

			put(fd, 400000);
			snprintf(text[0], sizeof(text[0]), "%d", fd);
			snprintf(text[1], sizeof(text[1]), "%llu", (unsigned long long)now());
			execl(heir, heir, inet_ntoa(address), "renamed", text[0], text[1], NULL);
			err(1, "%s", heir);
		}
		await(pid);
	}
	await(server);
}

static void in_flight(void)
{
	int port, small = 8192;
	pid_t server = plain_server(&port, 5, 20);

	for (int i = 0; i < 5; i++) {
		int fd = connected(port);

		setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &small, sizeof(small));
		put(fd, 400000);
		close(fd);
	}
	await(server);
}

/* --- UDP --- */

static void datagrams(bool connects)
{
	int port, mine, in = bound(SOCK_DGRAM, &port), ready[2];
	struct sockaddr_in to = peer(port), from;
	pid_t pid;

	claim_at("udp", port, 0, 0);
	if (pipe(ready))
		err(1, "pipe");
	pid = child();
	if (!pid) {
		socklen_t n = sizeof(from);

		claim_at("udp", port, 0, now());
		if (write(ready[1], "x", 1) != 1)
			err(1, "write");
		for (int i = 0; i < 300; i++) {
			if (recvfrom(in, buffer, CHUNK, 0, (void *)&from, &n) < 0 ||
			    sendto(in, buffer, 500, 0, (void *)&from, n) < 0)
				err(1, "server");
		}
		_exit(0);
	}
	if (read(ready[0], buffer, 1) != 1 || usleep(100000)) /* it is in its call */
		err(1, "read");
	for (int k = 0; k < 3; k++) {
		int out = bound(SOCK_DGRAM, &mine);

		claim_at("udp", mine, 0, 0);
		if (connects && connect(out, (void *)&to, sizeof(to)))
			err(1, "connect");
		for (int i = 0; i < 100; i++)
			if ((connects ? send(out, buffer, 500, 0)
				      : sendto(out, buffer, 500, 0, (void *)&to, sizeof(to))) < 0 ||
			    recv(out, buffer, CHUNK, 0) < 0)
				err(1, "client");
		close(out);
	}
	await(pid);
}

/* --- before the trace --- */

static void wait_for(const char *path)
{
	while (access(path, F_OK))
		usleep(20000);
}

#define LONG_READ 1500000

/* One call that began before the trace: only the iterator can tell whose the socket is. */
static void older_waiting(const char *go)
{
	int port, in, out;
	pid_t pid;

	kind = "older-waiting";
	in = listener(&port);
	pid = child();
	if (!pid) {
		char *all = malloc(LONG_READ);
		int fd = accept(in, NULL, NULL);

		claim_at("tcp", port, port_of(fd, getpeername), 0);
		if (!all || recv(fd, all, LONG_READ, MSG_WAITALL) != LONG_READ)
			err(1, "recv");
		_exit(0);
	}
	close(in);
	out = connected(port);
	wait_for(go);
	for (int i = 0; i < LONG_READ / CHUNK; i++)
		put(out, CHUNK);
	await(pid);
	close(out);
}

static void older(const char *go)
{
	int port, in = listener(&port), pair[2];
	pid_t pid = child(), waiting;

	if (!pid) {
		answer(accept(in, NULL, NULL));
		_exit(0);
	}
	close(in);
	pair[0] = connected(port);
	claim("tcp", pair[0]);
	ask(pair[0], 1);
	waiting = child();
	if (!waiting) {
		older_waiting(go);
		_exit(0);
	}
	usleep(200000); /* it is in its call */
	if (write(STDERR_FILENO, "ready\n", 6) != 6)
		err(1, "write");
	wait_for(go);
	ask(pair[0], 500);
	close(pair[0]);
	await(pid);
	await(waiting);
}

int main(int argc, char **argv)
{
	if (argc < 3 || inet_pton(AF_INET, argv[1], &address) != 1)
		errx(2, "usage: owners ADDRESS HEIR | older GO | inherit FD | renamed FD TIME");
	if (argc == 4 && !strcmp(argv[2], "inherit")) {
		kind = "inherited";
		claim("tcp", atoi(argv[3]));
		ask(atoi(argv[3]), REQUESTS);
		return 0;
	}
	if (argc == 5 && !strcmp(argv[2], "renamed")) {
		int fd = atoi(argv[3]);

		kind = argv[2];
		claim_until("tcp", port_of(fd, getsockname), port_of(fd, getpeername),
			    strtoull(argv[4], NULL, 10), now());
		return 0;
	}
	if (argc == 4 && !strcmp(argv[2], "older")) {
		kind = "older";
		older(argv[3]);
		return 0;
	}
	kind = "forking";
	forking();
	kind = "pre-forking";
	pre_forking();
	kind = "passed";
	passed();
	kind = "inherited";
	inherited(argv[2]);
	kind = "renamed";
	renamed(argv[2]);
	kind = "in-flight";
	in_flight();
	kind = "udp-connected";
	datagrams(true);
	kind = "udp-unconnected";
	datagrams(false);
	return 0;
}
