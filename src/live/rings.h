/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the per-CPU ring buffers as one stream in order of time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "program/program.h"

/* How far a record may lie behind a later one of its ring and still come out in order. */
#define RING_WINDOW 32

struct ring_slot {
	uint64_t pos; /* of the record's header */
	uint64_t time;
	const struct record_head *record;
};

struct ring {
	unsigned long *consumer;
	const unsigned long *producer;
	const uint8_t *data; /* the ring twice in a row, so that no record is cut */
	uint64_t size;	     /* a power of two */
	int cpu, fd;
	/* While a batch is read: */
	uint64_t scan, end;		      /* next header to look at; where this batch ends */
	struct ring_slot window[RING_WINDOW]; /* a circle in order of time, from first on */
	unsigned first, count;
	unsigned unreleased; /* records taken since the producer was told */
	bool busy;	     /* the batch ended before a record that was not yet committed */
};

struct rings {
	struct ring *at;
	struct ring **heap;
	int n;
	int epoll_fd;
	bool busy;
};

typedef void ring_record_fn(void *arg, int cpu, const struct record_head *r);

/* Maps n ring buffers (fds and sizes by CPU). 0 or -errno; rings_close() in any case. */
int rings_open(struct rings *rs, const int *fds, const uint64_t *sizes, int n);
void rings_close(struct rings *rs);
bool rings_empty(const struct rings *rs);
/* Gives fn what lies in the rings now and is not younger than horizon. Returns how many. */
int rings_consume(struct rings *rs, uint64_t horizon, ring_record_fn *fn, void *arg);
void rings_wait(struct rings *rs, uint64_t timeout_ns, int extra_fd);
