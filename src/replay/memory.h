/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's memory: one range of addresses, with a bit for each byte that
 * says whether a program may touch it.  So a check costs the same whatever
 * memory it is, and what lies between two objects is never taken for either.
 *
 * What programs may only read comes first: memory_write_from_here() ends it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct memory {
	uint8_t *base;
	uint64_t size, used;
	uint64_t writable; /* offset of the first byte that programs may write */
	uint8_t *known;
};

/* 0 or -ENOMEM: addresses for size bytes; pages come when they are touched. */
int memory_open(struct memory *m, uint64_t size);
void memory_close(struct memory *m);
/* Bytes that memory_take() uses for an object of this size: behind it lies what belongs to nobody.
 */
uint64_t memory_room(uint64_t size);
/* An object, zeroed, that no program may touch yet; NULL: more than was opened. */
uint8_t *memory_take(struct memory *m, uint64_t size, uint64_t align);
void memory_write_from_here(struct memory *m);
void memory_allow(struct memory *m, const void *at, uint64_t size);
void memory_forbid(struct memory *m, const void *at, uint64_t size);
/* Whether all of any number of bytes may be read, or written. */
bool memory_may_read(const struct memory *m, uint64_t at, uint64_t size);
bool memory_may_write(const struct memory *m, uint64_t at, uint64_t size);

/* The same for 1, 2, 4 or 8 bytes. */
static inline bool memory_reads(const struct memory *m, uint64_t at, unsigned size)
{
	uint64_t off = at - (uintptr_t)m->base;
	unsigned want = (1u << size) - 1;
	uint16_t bits;

	if (off >= m->size)
		return false;
	memcpy(&bits, m->known + (off >> 3), sizeof(bits));
	return (bits >> (off & 7) & want) == want;
}

static inline bool memory_writes(const struct memory *m, uint64_t at, unsigned size)
{
	return at - (uintptr_t)m->base >= m->writable && memory_reads(m, at, size);
}
