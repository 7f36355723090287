/* SPDX-License-Identifier: BSD-2-Clause */
#include "replay/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/bpf.h>

struct header {
	uint32_t length; /* with the flags */
	uint32_t ring;	 /* (the kernel keeps an offset of its own there) */
};

_Static_assert(sizeof(struct header) == BPF_RINGBUF_HDR_SZ, "the layout is the kernel's");

enum { CONSUMER, PRODUCER, POSITIONS };

uint64_t ring_set_room(uint64_t size, int n)
{
	return 2 * size * n + sysconf(_SC_PAGESIZE);
}

static int map_twice(uint8_t *at, uint64_t size)
{
	int fd = memfd_create("dtrace-ring", MFD_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, size))
		err = -errno;
	for (int i = 0; i < 2 && !err; i++)
		if (mmap(at + i * size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 0) == MAP_FAILED)
			err = -errno;
	close(fd);
	return err;
}

int ring_set_open(struct ring_set *rs, struct memory *m, uint64_t size, int n, struct rings *rings)
{
	int err = rings_new(rings, n);

	if (err)
		return err;
	rs->size = size;
	rs->n = n;
	rs->positions = calloc(n, POSITIONS * sizeof(*rs->positions));
	rs->data = memory_take(m, 2 * size * n, sysconf(_SC_PAGESIZE));
	if (!rs->positions || !rs->data)
		return -ENOMEM;
	for (int i = 0; i < n && !err; i++) {
		unsigned long *positions = &rs->positions[i * POSITIONS];
		uint8_t *data = rs->data + 2 * size * i;

		rings->at[i].consumer = &positions[CONSUMER];
		rings->at[i].producer = &positions[PRODUCER];
		rings->at[i].data = data;
		rings->at[i].size = size;
		err = map_twice(data, size);
	}
	return err;
}

void ring_set_close(struct ring_set *rs)
{
	free(rs->positions);
}

uint64_t ring_reserve(struct ring_set *rs, struct memory *m, int ring, uint64_t size)
{
	unsigned long *positions = &rs->positions[ring * POSITIONS];
	uint64_t need, at = positions[PRODUCER];
	struct header *h;

	if (size > rs->size)
		return 0;
	need = (size + sizeof(*h) + 7) & ~7ull;
	if (need > rs->size || at + need - positions[CONSUMER] > rs->size - 1)
		return 0;
	h = (struct header *)(rs->data + 2 * rs->size * ring + (at & (rs->size - 1)));
	*h = (struct header){(uint32_t)size | BPF_RINGBUF_BUSY_BIT, ring};
	positions[PRODUCER] = at + need;
	memory_allow(m, h + 1, size);
	return (uintptr_t)(h + 1);
}

uint64_t ring_available(const struct ring_set *rs, int ring)
{
	const unsigned long *positions = &rs->positions[ring * POSITIONS];

	return positions[PRODUCER] - positions[CONSUMER];
}

bool ring_commit(struct ring_set *rs, struct memory *m, uint64_t record, bool discard)
{
	uint64_t off = record - sizeof(struct header) - (uintptr_t)rs->data;
	struct header *h = (struct header *)(uintptr_t)(record - sizeof(*h));
	uint32_t size;

	/* A header is nothing that a program can write: what looks like one at an address that is
	 * aligned and not the program's own is one. */
	if (off >= 2 * rs->size * rs->n || off % 8 || memory_reads(m, (uintptr_t)h, 8) ||
	    !(h->length & BPF_RINGBUF_BUSY_BIT) || !memory_reads(m, record, 1))
		return false;
	size = h->length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
	memory_forbid(m, h + 1, size);
	h->length = size | (discard ? BPF_RINGBUF_DISCARD_BIT : 0);
	return true;
}
