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
	int cpu;
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
	bool busy; /* one is: the record that is waited for may stand behind one that is written */
};

typedef void ring_record_fn(void *arg, int cpu, const struct record_head *r);

/* n rings, of CPU 0 and so on, whose memory whoever made them fills in. 0 or -ENOMEM. */
int rings_new(struct rings *rs, int n);
void rings_free(struct rings *rs);
bool rings_empty(const struct rings *rs);
/* One of them is more than half full: its records are to be taken now. */
bool rings_filling(const struct rings *rs);
/*
 * Around a sleep: asks the programs to wake the consumer when a ring is more than half full, and
 * not to. control NULL: there are none that could. False: one is, so do not sleep.
 */
bool rings_sleep(const struct rings *rs, struct control *control);
void rings_awake(struct control *control);
/* Gives fn what lies in the rings now and is not younger than horizon. Returns how many. */
int rings_consume(struct rings *rs, uint64_t horizon, ring_record_fn *fn, void *arg);
