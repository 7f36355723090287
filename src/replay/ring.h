/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's ring buffers: as the kernel's in layout and in what fits, so
 * that engine/rings.c reads both.  A program may touch a record between its
 * reservation and its submission, and at no other time.
 */
#pragma once

#include "engine/rings.h"
#include "replay/memory.h"

/* The rings of all CPUs, one behind the other in the machine's memory, each mapped twice. */
struct ring_set {
	uint8_t *data;
	uint64_t size; /* of each: a power of two */
	int n;
	unsigned long *positions; /* of each: of the consumer, of the producer */
};

uint64_t ring_set_room(uint64_t size, int n);
/* rings: the same for whoever reads them. */
int ring_set_open(struct ring_set *rs, struct memory *m, uint64_t size, int n, struct rings *rings);
void ring_set_close(struct ring_set *rs);
/* Address of the record, or 0. */
uint64_t ring_reserve(struct ring_set *rs, struct memory *m, int ring, uint64_t size);
/* Bytes that the consumer has not taken yet, with what is being written. */
uint64_t ring_available(const struct ring_set *rs, int ring);
/* False: there is no record under way at this address. */
bool ring_commit(struct ring_set *rs, struct memory *m, uint64_t record, bool discard);
