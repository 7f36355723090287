/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A slow wire: hands each frame from one interface to the other, both ways and
 * in order, so many milliseconds later. Needs no qdisc of the kernel's.
 *
 *   slow DEVICE DEVICE MS
 *
 * What the last signal was: SIGUSR1: frames from the first device are lost;
 * SIGHUP: frames take twice as long; SIGUSR2: neither.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX 65600

struct frame {
	struct frame *next;
	int to;
	double due;
	size_t n;
	uint8_t bytes[];
};

static struct frame *first, **last = &first;
static volatile sig_atomic_t last_signal;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "slow: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void on_signal(int sig)
{
	last_signal = sig;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int open_device(const char *name)
{
	struct sockaddr_ll link = {.sll_family = AF_PACKET, .sll_protocol = 0};
	int size = 8 << 20, fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	link.sll_ifindex = if_nametoindex(name);
	link.sll_protocol = ((ETH_P_ALL & 0xff) << 8) | ETH_P_ALL >> 8;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (fd < 0 || bind(fd, (struct sockaddr *)&link, sizeof(link)))
		die(name);
	return fd;
}

static void take(int from, int to, double delay, int lose)
{
	static uint8_t buf[FRAME_MAX];
	struct sockaddr_ll link;
	socklen_t len = sizeof(link);
	ssize_t n = recvfrom(from, buf, sizeof(buf), MSG_DONTWAIT, (struct sockaddr *)&link, &len);
	struct frame *f;

	if (n <= 0 || link.sll_pkttype == PACKET_OUTGOING || lose)
		return;
	f = malloc(sizeof(*f) + n);
	if (!f)
		die("malloc");
	*f = (struct frame){.to = to, .due = now() + delay, .n = n};
	memcpy(f->bytes, buf, n);
	*last = f;
	last = &f->next;
}

/* Sends what is due; gives the milliseconds until the next one is. */
static int hand_on(void)
{
	while (first && first->due <= now()) {
		struct frame *f = first;

		first = f->next;
		if (!first)
			last = &first;
		if (send(f->to, f->bytes, f->n, 0) < 0 && errno != ENETDOWN && errno != ENOBUFS)
			die("send");
		free(f);
	}
	return first ? (int)(first->due - now()) + 1 : -1;
}

int main(int argc, char **argv)
{
	struct pollfd p[2] = {{.events = POLLIN}, {.events = POLLIN}};
	double delay;

	if (argc != 4) {
		fprintf(stderr, "usage: slow DEVICE DEVICE MS\n");
		return 2;
	}
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	signal(SIGHUP, on_signal);
	p[0].fd = open_device(argv[1]);
	p[1].fd = open_device(argv[2]);
	delay = atof(argv[3]);
	/* on a busy machine too */
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 2});
	for (;;) {
		poll(p, 2, hand_on());
		double taken = last_signal == SIGHUP ? 2 * delay : delay;

		take(p[0].fd, p[1].fd, taken, last_signal == SIGUSR1);
		take(p[1].fd, p[0].fd, taken, 0);
	}
}
