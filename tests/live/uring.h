/* SPDX-License-Identifier: BSD-2-Clause */
/* io_uring by its system calls: one request at a time. */
#pragma once

#include <err.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	unsigned setup;	     /* IORING_SETUP_… */
	unsigned char flags; /* IOSQE_…, of each request */
	char *queues;
	struct io_uring_sqe *requests;
	struct io_uring_params p;
};

static inline unsigned *ring_word(struct ring *r, unsigned offset)
{
	return (unsigned *)(r->queues + offset);
}

static inline void *ring_map(struct ring *r, size_t size, off_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r->fd, what);

	if (at == MAP_FAILED)
		err(1, "ring");
	return at;
}

static inline void ring_open(struct ring *r, unsigned setup, unsigned char flags)
{
	*r = (struct ring){.setup = setup, .flags = flags, .p.flags = setup};
	r->fd = syscall(SYS_io_uring_setup, 4, &r->p);
	if (r->fd < 0)
		err(1, "io_uring_setup");
	/* one mapping has both queues since 5.4 */
	r->queues = ring_map(r,
			     r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct io_uring_cqe) +
				     r->p.sq_off.array + r->p.sq_entries * 4,
			     IORING_OFF_SQ_RING);
	r->requests = ring_map(r, r->p.sq_entries * sizeof(*r->requests), IORING_OFF_SQES);
}

/* The result of one request, as the call that it stands for has it. */
static inline int ring_do(struct ring *r, int opcode, int fd, const void *at, unsigned n,
			  uint64_t offset)
{
	unsigned tail = *ring_word(r, r->p.sq_off.tail), i = tail & (r->p.sq_entries - 1),
		 head = *ring_word(r, r->p.cq_off.head);
	struct io_uring_cqe *done = (void *)(r->queues + r->p.cq_off.cqes);
	int result;

	r->requests[i] = (struct io_uring_sqe){.opcode = opcode,
					       .flags = r->flags,
					       .fd = fd,
					       .addr = (uintptr_t)at,
					       .len = n,
					       .off = offset};
	ring_word(r, r->p.sq_off.array)[i] = i;
	__atomic_store_n(ring_word(r, r->p.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r->fd, 1, 1,
		    IORING_ENTER_GETEVENTS |
			    (r->setup & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0),
		    NULL, 0) < 0)
		err(1, "io_uring_enter");
	if (__atomic_load_n(ring_word(r, r->p.cq_off.tail), __ATOMIC_ACQUIRE) == head)
		errx(1, "no request has ended");
	result = done[head & (r->p.cq_entries - 1)].res;
	__atomic_store_n(ring_word(r, r->p.cq_off.head), head + 1, __ATOMIC_RELEASE);
	return result;
}
