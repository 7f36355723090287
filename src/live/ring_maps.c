/* SPDX-License-Identifier: BSD-2-Clause */
#include "live/ring_maps.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* A wait is cut to this while a record is still being written. */
#define BUSY_WAIT_NS 1000000

static int ring_map(struct ring *r, int fd, uint64_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);
	void *m;

	r->size = size;
	m = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m == MAP_FAILED)
		return -errno;
	r->consumer = m;
	m = mmap(NULL, page + 2 * size, PROT_READ, MAP_SHARED, fd, page);
	if (m == MAP_FAILED)
		return -errno;
	r->producer = m;
	r->data = (const uint8_t *)m + page;
	return 0;
}

static void ring_unmap(struct ring *r)
{
	size_t page = sysconf(_SC_PAGESIZE);

	if (r->consumer)
		munmap(r->consumer, page);
	if (r->producer)
		munmap((void *)r->producer, page + 2 * r->size);
}

int ring_maps_open(struct ring_maps *rm, const int *fds, const uint64_t *sizes, int n)
{
	int err = rings_new(&rm->rings, n);

	if (err)
		return err;
	rm->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (rm->epoll_fd < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		/*
		 * Edge-triggered: a ring counts as readable while it holds anything,
		 * and most of what it holds is not meant to wake anybody.
		 */
		struct epoll_event e = {.events = EPOLLIN | EPOLLET};

		err = ring_map(&rm->rings.at[i], fds[i], sizes[i]);
		if (err)
			return err;
		if (epoll_ctl(rm->epoll_fd, EPOLL_CTL_ADD, fds[i], &e))
			return -errno;
	}
	return 0;
}

void ring_maps_close(struct ring_maps *rm)
{
	for (int i = 0; i < rm->rings.n; i++)
		ring_unmap(&rm->rings.at[i]);
	rings_free(&rm->rings);
	if (rm->epoll_fd >= 0)
		close(rm->epoll_fd);
	rm->epoll_fd = -1;
}

void ring_maps_wait(struct ring_maps *rm, uint64_t timeout_ns, int extra_fd)
{
	struct pollfd fds[2] = {
		{.fd = rm->epoll_fd, .events = POLLIN},
		{.fd = extra_fd, .events = POLLIN},
	};
	struct timespec ts;
	struct epoll_event events[16];

	/* The record that woke us may stand behind one that was not yet committed. */
	if (rm->rings.busy && timeout_ns > BUSY_WAIT_NS)
		timeout_ns = BUSY_WAIT_NS;
	ts.tv_sec = timeout_ns / 1000000000;
	ts.tv_nsec = timeout_ns % 1000000000;
	/* poll() ignores negative descriptors: no rings, no extra one. */
	if (ppoll(fds, 2, &ts, NULL) <= 0 || !(fds[0].revents & POLLIN))
		return;
	while (epoll_wait(rm->epoll_fd, events, 16, 0) == 16)
		;
}
