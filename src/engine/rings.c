/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the per-CPU ring buffers as one stream in order of time.
 *
 * A batch is bounded: what the rings hold when it begins, and of that what is
 * not younger than the horizon.  The caller takes the horizon a little earlier
 * than it starts the batch, so that a record with a smaller time that was still
 * being written on another CPU has come in: then batches never overlap in time.
 *
 * Within a ring records are only nearly in order: an interrupt takes its time
 * later than the program it interrupts and reserves its record earlier.  So
 * each ring has a window, a few records read ahead and kept sorted; a heap of
 * the rings by the first record of each window merges them.  Records are not
 * copied: they stay in the ring, and the producer gets space back only up to
 * the oldest one not yet delivered.
 *
 * The layout of a ring buffer is kernel interface: one page with the consumer's
 * position, one with the producer's, the data mapped twice; each record behind
 * a header whose length carries the flags busy and discarded.  The machine's
 * rings are made the same.
 */
#include "engine/rings.h"

#include <errno.h>
#include <stdlib.h>

#include <linux/bpf.h>

/* Space is given back to the producer after so many records. */
#define RELEASE_EVERY 64

int rings_new(struct rings *rs, int n)
{
	*rs = (struct rings){.at = calloc(n, sizeof(*rs->at)),
			     .heap = calloc(n, sizeof(*rs->heap))};
	if (!rs->at || !rs->heap)
		return -ENOMEM;
	rs->n = n;
	for (int i = 0; i < n; i++)
		rs->at[i].cpu = i;
	return 0;
}

void rings_free(struct rings *rs)
{
	free(rs->at);
	free(rs->heap);
	*rs = (struct rings){0};
}

static uint64_t ring_produced(const struct ring *r)
{
	return __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
}

bool rings_empty(const struct rings *rs)
{
	for (int i = 0; i < rs->n; i++)
		if (ring_produced(&rs->at[i]) != *rs->at[i].consumer)
			return false;
	return true;
}

bool rings_filling(const struct rings *rs)
{
	for (int i = 0; i < rs->n; i++) {
		const struct ring *r = &rs->at[i];

		if (ring_produced(r) - *r->consumer > r->size / 2)
			return true;
	}
	return false;
}

/* Half of the largest: the rings of CPUs that are not there are smaller, and not in use. */
static int64_t wake_at(const struct rings *rs)
{
	uint64_t size = 0;

	for (int i = 0; i < rs->n; i++)
		if (rs->at[i].size > size)
			size = rs->at[i].size;
	return (int64_t)(size / 2);
}

bool rings_sleep(const struct rings *rs, struct control *control)
{
	if (!rs->n)
		return true;
	if (control)
		__atomic_store_n(&control->wake_at, wake_at(rs), __ATOMIC_SEQ_CST);
	return !rings_filling(rs);
}

void rings_awake(struct control *control)
{
	if (control)
		__atomic_store_n(&control->wake_at, WAKE_NEVER, __ATOMIC_RELAXED);
}

static struct ring_slot *ring_slot(struct ring *r, unsigned i)
{
	return &r->window[(r->first + i) % RING_WINDOW];
}

/* Keeps the window sorted by time; equal times stay in the ring's order. */
static void ring_insert(struct ring *r, struct ring_slot s)
{
	unsigned i = r->count++;

	for (; i > 0 && ring_slot(r, i - 1)->time > s.time; i--)
		*ring_slot(r, i) = *ring_slot(r, i - 1);
	*ring_slot(r, i) = s;
}

/* Reads ahead until the window is full or the batch ends. */
static void ring_refill(struct ring *r, uint64_t horizon)
{
	while (r->count < RING_WINDOW && r->scan < r->end) {
		const uint8_t *at = r->data + (r->scan & (r->size - 1));
		uint32_t len = __atomic_load_n((const uint32_t *)at, __ATOMIC_ACQUIRE);
		uint32_t size = len & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
		const struct record_head *head = (const void *)(at + BPF_RINGBUF_HDR_SZ);

		if (len & BPF_RINGBUF_BUSY_BIT) {
			r->busy = true;
			r->end = r->scan;
			return;
		}
		if (!(len & BPF_RINGBUF_DISCARD_BIT) && size >= sizeof(*head)) {
			if (head->time > horizon) {
				r->end = r->scan;
				return;
			}
			ring_insert(r, (struct ring_slot){r->scan, head->time, head});
		}
		r->scan += BPF_RINGBUF_HDR_SZ + (((uint64_t)size + 7) & ~7ULL);
	}
}

/* Gives the producer back all before the oldest record that is still to be delivered. */
static void ring_release(struct ring *r)
{
	uint64_t pos = r->scan;

	for (unsigned i = 0; i < r->count; i++)
		if (ring_slot(r, i)->pos < pos)
			pos = ring_slot(r, i)->pos;
	r->unreleased = 0;
	__atomic_store_n(r->consumer, pos, __ATOMIC_RELEASE);
}

static bool ring_before(struct ring *a, struct ring *b)
{
	uint64_t ta = ring_slot(a, 0)->time, tb = ring_slot(b, 0)->time;

	return ta != tb ? ta < tb : a->cpu < b->cpu;
}

static void heap_down(struct ring **heap, int n, int i)
{
	struct ring *r = heap[i];

	for (;;) {
		int child = 2 * i + 1;

		if (child >= n)
			break;
		if (child + 1 < n && ring_before(heap[child + 1], heap[child]))
			child++;
		if (!ring_before(heap[child], r))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = r;
}

/* Starts a batch: where it ends, the first windows, the heap. Returns the heap's size. */
static int rings_start(struct rings *rs, uint64_t horizon)
{
	int n = 0;

	rs->busy = false;
	for (int i = 0; i < rs->n; i++) {
		struct ring *r = &rs->at[i];

		r->end = ring_produced(r);
		r->scan = *r->consumer;
		r->first = r->count = r->unreleased = 0;
		r->busy = false;
	}
	for (int i = 0; i < rs->n; i++) {
		struct ring *r = &rs->at[i];

		ring_refill(r, horizon);
		if (r->count)
			rs->heap[n++] = r;
	}
	for (int i = n / 2 - 1; i >= 0; i--)
		heap_down(rs->heap, n, i);
	return n;
}

int rings_consume(struct rings *rs, uint64_t horizon, ring_record_fn *fn, void *arg)
{
	int n = rings_start(rs, horizon), records = 0;

	while (n) {
		struct ring *r = rs->heap[0];
		const struct record_head *head = ring_slot(r, 0)->record;

		fn(arg, r->cpu, head);
		records++;
		r->first = (r->first + 1) % RING_WINDOW;
		r->count--;
		ring_refill(r, horizon);
		if (++r->unreleased == RELEASE_EVERY)
			ring_release(r);
		if (!r->count)
			rs->heap[0] = rs->heap[--n];
		if (n)
			heap_down(rs->heap, n, 0);
	}
	for (int i = 0; i < rs->n; i++) {
		struct ring *r = &rs->at[i];

		if (r->scan != *r->consumer)
			ring_release(r);
		rs->busy |= r->busy;
	}
	return records;
}
