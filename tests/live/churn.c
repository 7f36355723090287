/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes and removes network namespaces, or whole containers, one after the
 * other, with traffic in each:
 *
 *   churn net PORT N
 *   churn container PORT N CGROUP
 *				in a cgroup of its own below CGROUP, with namespaces
 *				for processes, mounts and cgroups too
 *
 * Each has one end of a veth pair, "vN"; the other end, "cN", is in the namespace
 * in which churn runs: it is there for as long as the new namespace lives, so it
 * tells who keeps one.  On the loopback device of each go a datagram and a byte
 * over TCP, both to PORT.  Prints "made N received N", of what arrived.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/rtnetlink.h>
#include <linux/veth.h>

static void die(const char *what)
{
	fprintf(stderr, "churn: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static struct rtattr *add(struct nlmsghdr *h, int type, const void *data, size_t n)
{
	struct rtattr *a = (struct rtattr *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(n);
	if (n)
		memcpy(RTA_DATA(a), data, n);
	h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

static void end(struct nlmsghdr *h, struct rtattr *a)
{
	a->rta_len = (char *)h + h->nlmsg_len - (char *)a;
}

/* "vN" here, "cN" in the namespace that `outside` stands for. */
static void make_veth(int outside, int i)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg link;
		char attributes[512];
	} m = {.h = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
		     .nlmsg_type = RTM_NEWLINK,
		     .nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK}};
	struct {
		struct nlmsghdr h;
		struct nlmsgerr error;
		char rest[512];
	} answer;
	struct ifinfomsg peer = {0};
	struct rtattr *info, *data, *other;
	char name[IFNAMSIZ];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	snprintf(name, sizeof(name), "v%d", i);
	add(&m.h, IFLA_IFNAME, name, strlen(name) + 1);
	info = add(&m.h, IFLA_LINKINFO, NULL, 0);
	add(&m.h, IFLA_INFO_KIND, "veth", 4);
	data = add(&m.h, IFLA_INFO_DATA, NULL, 0);
	other = add(&m.h, VETH_INFO_PEER, &peer, sizeof(peer));
	name[0] = 'c';
	add(&m.h, IFLA_IFNAME, name, strlen(name) + 1);
	add(&m.h, IFLA_NET_NS_FD, &outside, sizeof(outside));
	end(&m.h, other);
	end(&m.h, data);
	end(&m.h, info);
	if (fd < 0 || send(fd, &m, m.h.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)NLMSG_LENGTH(sizeof(answer.error)))
		die("veth");
	errno = -answer.error.error;
	if (errno)
		die("veth");
	close(fd);
}

static void loopback_up(void)
{
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &r))
		die("lo");
	close(fd);
}

static int server(int type, int port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
	    (type == SOCK_STREAM && listen(fd, 1)))
		die("server");
	return fd;
}

/* A byte to a server of that type; 1 if it arrived. */
static int byte_by(int type, int port)
{
	int s = server(type, port), c = socket(AF_INET, type | SOCK_CLOEXEC, 0), from = s;
	struct sockaddr_in to;
	socklen_t n = sizeof(to);
	char byte = 0;

	if (c < 0 || getsockname(s, (struct sockaddr *)&to, &n) ||
	    connect(c, (struct sockaddr *)&to, n) || send(c, "x", 1, 0) != 1)
		die("client");
	if (type == SOCK_STREAM)
		from = accept(s, NULL, NULL);
	return from >= 0 && recv(from, &byte, 1, 0) == 1 && byte == 'x';
}

static void join(const char *cgroup)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		die(path);
	close(fd);
}

/* In a child of ours: its exit status is what arrived. */
static void live(int outside, int i, int port, const char *cgroup)
{
	int flags = CLONE_NEWNET, status;

	if (cgroup) {
		join(cgroup);
		flags |= CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWCGROUP;
	}
	if (unshare(flags))
		die("unshare");
	if (cgroup && fork()) { /* the first process of the new namespace is our child */
		wait(&status);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 0);
	}
	make_veth(outside, i);
	loopback_up();
	_exit(byte_by(SOCK_DGRAM, port) + byte_by(SOCK_STREAM, port));
}

int main(int argc, char **argv)
{
	int outside = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), received = 0, made = 0;
	const char *above = argc > 4 ? argv[4] : NULL;
	char cgroup[4096] = "";

	if (outside < 0 || argc < 4) {
		fprintf(stderr, "usage: churn net PORT N | container PORT N CGROUP\n");
		return 2;
	}
	for (; made < atoi(argv[3]); made++) {
		int status;
		pid_t child;

		if (above) {
			snprintf(cgroup, sizeof(cgroup), "%s/%d", above, made);
			if (mkdir(cgroup, 0755))
				die(cgroup);
		}
		child = fork();
		if (!child)
			live(outside, made, atoi(argv[2]), above ? cgroup : NULL);
		if (child < 0 || waitpid(child, &status, 0) != child)
			die("child");
		received += WIFEXITED(status) ? WEXITSTATUS(status) : 0;
		if (above && rmdir(cgroup))
			die(cgroup);
	}
	printf("made %d received %d\n", made, received);
	return 0;
}
