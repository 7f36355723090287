/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * calls: moves bytes over sockets by the system call that it is told, under the
 * name that it is told, and says what it moved:
 *
 *	NAME LADDR LPORT RADDR RPORT BYTES
 *
 * one line for each connection, or for each peer of a UDP socket: received and sent.
 *
 *	calls NAME sink ADDRESS CONNS [OPTIONS]		prints "port N" first
 *	calls NAME source ADDRESS PORT BYTES [OPTIONS]
 *	calls NAME udp-sink ADDRESS DATAGRAMS [OPTIONS]
 *	calls NAME udp-source ADDRESS PORT DATAGRAMS [OPTIONS]
 *
 *	--recv CALL	read readv preadv2 recvfrom recvmsg recvmmsg splice uring
 *	--send CALL	write writev pwritev2 sendto sendmsg sendmmsg sendfile splice uring
 *	--reply BYTES	a sink sends so many when it has read all
 *	--slow US	a sink pauses so long before each read
 *	--go FILE	nothing is sent or received before FILE exists
 *	--fork, --prefork	a sink has a process for each connection, made when it comes or
 *before
 *	--rename NAME	the processes of --fork go by this name
 *	--abandon	a source closes and ends without waiting for an answer
 *	--unconnected	a UDP source names its peer in each call
 *	--size N	of each call's piece (1000)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

struct call {
	const char *name;
	ssize_t (*move)(int fd, char *data, size_t size);
};

struct addr {
	struct sockaddr_storage ss;
	socklen_t len;
};

static struct {
	const char *name, *go, *rename;
	const struct call *recv, *send;
	long reply, slow, size;
	int fork, prefork, abandon, unconnected;
} opt = {.size = 1000};

static struct addr to; /* of a UDP source that is not connected; len 0: it is */

static void die(const char *what)
{
	fprintf(stderr, "calls: %s: %s\n", what, strerror(errno));
	exit(3);
}

/* --- the calls --- */

static struct msghdr message(struct iovec *v)
{
	return (struct msghdr){.msg_iov = v,
			       .msg_iovlen = 1,
			       .msg_name = to.len ? &to.ss : NULL,
			       .msg_namelen = to.len};
}

static ssize_t do_writev(int fd, char *data, size_t size)
{
	struct iovec v[] = {{data, size / 2}, {data + size / 2, size - size / 2}};

	return writev(fd, v, 2);
}

static ssize_t do_readv(int fd, char *data, size_t size)
{
	struct iovec v[] = {{data, size / 2}, {data + size / 2, size - size / 2}};

	return readv(fd, v, 2);
}

static ssize_t do_pwritev2(int fd, char *data, size_t size)
{
	struct iovec v = {data, size};

	return pwritev2(fd, &v, 1, -1, 0);
}

static ssize_t do_preadv2(int fd, char *data, size_t size)
{
	struct iovec v = {data, size};

	return preadv2(fd, &v, 1, -1, 0);
}

static ssize_t do_write(int fd, char *data, size_t size)
{
	return write(fd, data, size);
}

static ssize_t do_sendto(int fd, char *data, size_t size)
{
	return sendto(fd, data, size, 0, to.len ? (struct sockaddr *)&to.ss : NULL, to.len);
}

static ssize_t do_recvfrom(int fd, char *data, size_t size)
{
	return recvfrom(fd, data, size, 0, NULL, NULL);
}

static ssize_t do_sendmsg(int fd, char *data, size_t size)
{
	struct iovec v = {data, size};
	struct msghdr m = message(&v);

	return sendmsg(fd, &m, 0);
}

static ssize_t do_recvmsg(int fd, char *data, size_t size)
{
	struct iovec v = {data, size};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};

	return recvmsg(fd, &m, 0);
}

static ssize_t do_sendmmsg(int fd, char *data, size_t size)
{
	struct iovec v = {data, size};
	struct mmsghdr m = {.msg_hdr = message(&v)};

	return sendmmsg(fd, &m, 1, 0) == 1 ? (ssize_t)m.msg_len : -1;
}

static ssize_t do_recvmmsg(int fd, char *data, size_t size)
{
	struct iovec v = {data, size};
	struct mmsghdr m = {.msg_hdr = {.msg_iov = &v, .msg_iovlen = 1}};

	return recvmmsg(fd, &m, 1, 0, NULL) == 1 ? (ssize_t)m.msg_len : -1;
}

static ssize_t do_sendfile(int fd, char *data, size_t size)
{
	int file = memfd_create("calls", 0);
	off_t at = 0;
	ssize_t n;

	if (file < 0 || write(file, data, size) != (ssize_t)size)
		die("memfd");
	n = sendfile(fd, file, &at, size);
	close(file);
	return n;
}

static ssize_t do_splice_out(int fd, char *data, size_t size)
{
	int pipes[2];
	ssize_t n;

	if (pipe(pipes) || write(pipes[1], data, size) != (ssize_t)size)
		die("pipe");
	n = splice(pipes[0], NULL, fd, NULL, size, 0);
	close(pipes[0]);
	close(pipes[1]);
	return n;
}

static ssize_t do_splice_in(int fd, char *data, size_t size)
{
	int pipes[2];
	ssize_t n;

	if (pipe(pipes))
		die("pipe");
	n = splice(fd, NULL, pipes[1], NULL, size, 0);
	if (n > 0 && read(pipes[0], data, n) != n)
		die("pipe");
	close(pipes[0]);
	close(pipes[1]);
	return n;
}

/* One operation in a ring of its own. */
static ssize_t uring(int op, int fd, char *data, size_t size)
{
	struct io_uring_params p = {0};
	int ring = syscall(SYS_io_uring_setup, 1, &p);
	size_t sq_size = p.sq_off.array + p.sq_entries * sizeof(uint32_t);
	size_t cq_size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	char *sq, *cq;
	struct io_uring_sqe *sqe;
	ssize_t n;

	if (ring < 0)
		die("io_uring_setup");
	sq = mmap(NULL, sq_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	cq = mmap(NULL, cq_size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqe = mmap(NULL, sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqe == MAP_FAILED)
		die("io_uring mmap");
	*sqe = (struct io_uring_sqe){.opcode = op, .fd = fd, .addr = (uintptr_t)data, .len = size};
	*(uint32_t *)(sq + p.sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		die("io_uring_enter");
	n = ((struct io_uring_cqe *)(cq + p.cq_off.cqes))->res;
	munmap(sq, sq_size);
	munmap(cq, cq_size);
	munmap(sqe, sizeof(*sqe));
	close(ring);
	if (n < 0)
		errno = -n;
	return n;
}

static ssize_t do_uring_send(int fd, char *data, size_t size)
{
	return uring(IORING_OP_SEND, fd, data, size);
}

static ssize_t do_uring_recv(int fd, char *data, size_t size)
{
	return uring(IORING_OP_RECV, fd, data, size);
}

static ssize_t do_read(int fd, char *data, size_t size)
{
	return read(fd, data, size);
}

static const struct call sends[] = {
	{"write", do_write},	   {"writev", do_writev},
	{"pwritev2", do_pwritev2}, {"sendto", do_sendto},
	{"sendmsg", do_sendmsg},   {"sendmmsg", do_sendmmsg},
	{"sendfile", do_sendfile}, {"splice", do_splice_out},
	{"uring", do_uring_send},  {NULL, NULL},
};

static const struct call recvs[] = {
	{"read", do_read},	   {"readv", do_readv},	     {"preadv2", do_preadv2},
	{"recvfrom", do_recvfrom}, {"recvmsg", do_recvmsg},  {"recvmmsg", do_recvmmsg},
	{"splice", do_splice_in},  {"uring", do_uring_recv}, {NULL, NULL},
};

static const struct call *find_call(const struct call *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	errno = EINVAL;
	die(name);
	return NULL;
}

/* --- addresses --- */

static struct addr parse(const char *text, int port)
{
	struct addr a = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&a.ss;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a.ss;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		a.len = sizeof(*v4);
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		a.len = sizeof(*v6);
	} else {
		die(text);
	}
	return a;
}

static int port_of(const struct addr *a)
{
	return ntohs(a->ss.ss_family == AF_INET ? ((struct sockaddr_in *)&a->ss)->sin_port
						: ((struct sockaddr_in6 *)&a->ss)->sin6_port);
}

static const char *text_of(const struct addr *a, char *out)
{
	const void *raw = a->ss.ss_family == AF_INET
				  ? (const void *)&((struct sockaddr_in *)&a->ss)->sin_addr
				  : (const void *)&((struct sockaddr_in6 *)&a->ss)->sin6_addr;

	return inet_ntop(a->ss.ss_family, raw, out, INET6_ADDRSTRLEN);
}

static struct addr local_of(int fd)
{
	struct addr a = {.len = sizeof(a.ss)};

	if (getsockname(fd, (struct sockaddr *)&a.ss, &a.len))
		die("getsockname");
	return a;
}

static void report(const struct addr *local, const struct addr *remote, long bytes)
{
	char l[INET6_ADDRSTRLEN], r[INET6_ADDRSTRLEN], name[16];

	prctl(PR_GET_NAME, name);
	printf("%s %s %d %s %d %ld\n", name, text_of(local, l), port_of(local), text_of(remote, r),
	       port_of(remote), bytes);
	fflush(stdout);
}

/* --- moving --- */

static void wait_go(void)
{
	while (opt.go && access(opt.go, F_OK))
		usleep(10000);
}

static long send_all(int fd, long bytes)
{
	char *data = calloc(1, opt.size);
	long sent = 0;

	while (sent < bytes) {
		ssize_t n =
			opt.send->move(fd, data, bytes - sent < opt.size ? bytes - sent : opt.size);

		if (n < 0)
			die(opt.send->name);
		sent += n;
	}
	free(data);
	return sent;
}

static long recv_all(int fd)
{
	char *data = malloc(65536);
	long received = 0;
	ssize_t n;

	do {
		if (opt.slow)
			usleep(opt.slow);
		n = opt.recv->move(fd, data, 65536);
		if (n < 0)
			die(opt.recv->name);
		received += n;
	} while (n > 0);
	free(data);
	return received;
}

static void serve(int fd, const struct addr *peer)
{
	struct addr local = local_of(fd);
	long bytes;

	wait_go();
	bytes = recv_all(fd);
	bytes += send_all(fd, opt.reply);
	close(fd);
	report(&local, peer, bytes);
}

static void accept_one(int lfd)
{
	struct addr peer = {.len = sizeof(peer.ss)};
	int fd = accept(lfd, (struct sockaddr *)&peer.ss, &peer.len);

	if (fd < 0)
		die("accept");
	if (opt.fork && fork() > 0) {
		close(fd);
		return;
	}
	if (opt.fork) {
		close(lfd);
		if (opt.rename)
			prctl(PR_SET_NAME, opt.rename);
	}
	serve(fd, &peer);
	if (opt.fork)
		exit(0);
}

static int listening(const char *address, int type)
{
	struct addr a = parse(address, 0), local;
	int fd = socket(a.ss.ss_family, type, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a.ss, a.len))
		die("bind");
	if (type == SOCK_STREAM && listen(fd, 16))
		die("listen");
	local = local_of(fd);
	printf("port %d\n", port_of(&local));
	fflush(stdout);
	return fd;
}

static void sink(const char *address, int conns)
{
	int lfd = listening(address, SOCK_STREAM);

	for (int i = 0; i < conns; i++) {
		if (opt.prefork && fork() > 0)
			continue;
		accept_one(lfd);
		if (opt.prefork)
			exit(0);
	}
	close(lfd);
	while (wait(NULL) > 0)
		;
}

static void source(const char *address, int port, long bytes)
{
	struct addr peer = parse(address, port), local;
	int fd = socket(peer.ss.ss_family, SOCK_STREAM, 0), large = 8 << 20;
	long moved;

	if (opt.abandon)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &large, sizeof(large));
	if (fd < 0 || connect(fd, (struct sockaddr *)&peer.ss, peer.len))
		die("connect");
	local = local_of(fd);
	wait_go();
	moved = send_all(fd, bytes);
	if (!opt.abandon) {
		shutdown(fd, SHUT_WR);
		moved += recv_all(fd);
	}
	close(fd);
	report(&local, &peer, moved);
}

static bool same(const struct addr *a, const struct addr *b)
{
	return port_of(a) == port_of(b);
}

/* Who sent is asked by a peek, so that each call can do the rest. */
static void udp_sink(const char *address, int datagrams)
{
	struct addr peers[16], local;
	long bytes[16] = {0};
	int fd = listening(address, SOCK_DGRAM), npeers = 0;
	char *data = malloc(65536);

	local = local_of(fd);
	wait_go();
	for (int i = 0; i < datagrams; i++) {
		struct addr from = {.len = sizeof(from.ss)};
		int k = 0;

		if (recvfrom(fd, data, 1, MSG_PEEK, (struct sockaddr *)&from.ss, &from.len) < 0)
			die("recvfrom");
		while (k < npeers && !same(&peers[k], &from))
			k++;
		if (k == npeers)
			peers[npeers++] = from;
		bytes[k] += opt.recv->move(fd, data, 65536);
	}
	for (int k = 0; k < npeers; k++)
		report(&local, &peers[k], bytes[k]);
}

/* local: of a socket that is not bound to an address, what the peer sees */
static void udp_source(const char *address, int port, int datagrams)
{
	struct addr peer = parse(address, port), local;
	int fd = socket(peer.ss.ss_family, SOCK_DGRAM, 0),
	    look = socket(peer.ss.ss_family, SOCK_DGRAM, 0);
	char *data = calloc(1, opt.size);
	long sent = 0;

	if (connect(opt.unconnected ? look : fd, (struct sockaddr *)&peer.ss, peer.len))
		die("connect");
	if (opt.unconnected) {
		local = local_of(look);
		close(look);
		if (bind(fd, (struct sockaddr *)&local.ss, local.len))
			die("bind");
		to = peer;
	}
	local = local_of(fd);
	wait_go();
	for (int i = 0; i < datagrams; i++) {
		ssize_t n = opt.send->move(fd, data, opt.size);

		if (n < 0)
			die(opt.send->name);
		sent += n;
	}
	report(&local, &peer, sent);
}

static void options(int argc, char **argv)
{
	opt.recv = &recvs[0];
	opt.send = &sends[0];
	for (int i = 0; i < argc; i++) {
		const char *o = argv[i], *v = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(o, "--fork"))
			opt.fork = 1;
		else if (!strcmp(o, "--prefork"))
			opt.prefork = 1;
		else if (!strcmp(o, "--abandon"))
			opt.abandon = 1;
		else if (!strcmp(o, "--unconnected"))
			opt.unconnected = 1;
		else if (i++, !strcmp(o, "--recv"))
			opt.recv = find_call(recvs, v);
		else if (!strcmp(o, "--send"))
			opt.send = find_call(sends, v);
		else if (!strcmp(o, "--reply"))
			opt.reply = atol(v);
		else if (!strcmp(o, "--slow"))
			opt.slow = atol(v);
		else if (!strcmp(o, "--size"))
			opt.size = atol(v);
		else if (!strcmp(o, "--go"))
			opt.go = v;
		else if (!strcmp(o, "--rename"))
			opt.rename = v;
		else
			die(o);
	}
}

int main(int argc, char **argv)
{
	bool one = argc >= 3 && strstr(argv[2], "source"); /* a port more */

	alarm(60);
	if (argc < 5 + one) {
		fprintf(stderr, "usage: see the head of calls.c\n");
		return 2;
	}
	prctl(PR_SET_NAME, argv[1]);
	options(argc - 5 - one, argv + 5 + one);
	if (!strcmp(argv[2], "sink"))
		sink(argv[3], atoi(argv[4]));
	else if (!strcmp(argv[2], "source"))
		source(argv[3], atoi(argv[4]), atol(argv[5]));
	else if (!strcmp(argv[2], "udp-sink"))
		udp_sink(argv[3], atoi(argv[4]));
	else
		udp_source(argv[3], atoi(argv[4]), atoi(argv[5]));
	return 0;
}
