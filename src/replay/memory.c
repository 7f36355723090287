/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "replay/memory.h"

#define GAP 16	       /* at least, between two objects: no access is longer than 8 bytes */
#define BEHIND_BITS 16 /* memory_reads() takes two bytes of bits at once */

static void *pages(uint64_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

int memory_open(struct memory *m, uint64_t size)
{
	*m = (struct memory){.size = (size + 7) & ~7ull};
	m->base = pages(m->size);
	m->known = pages(m->size / 8 + BEHIND_BITS);
	return m->base && m->known ? 0 : -ENOMEM;
}

void memory_close(struct memory *m)
{
	if (m->base)
		munmap(m->base, m->size);
	if (m->known)
		munmap(m->known, m->size / 8 + BEHIND_BITS);
	*m = (struct memory){0};
}

uint64_t memory_room(uint64_t size)
{
	return ((size + 7) & ~7ull) + GAP;
}

uint8_t *memory_take(struct memory *m, uint64_t size, uint64_t align)
{
	uint64_t at = (m->used + align - 1) & ~(align - 1);

	if (at > m->size || memory_room(size) > m->size - at)
		return NULL;
	m->used = at + memory_room(size);
	return m->base + at;
}

void memory_write_from_here(struct memory *m)
{
	m->writable = m->used;
}

static void set_bits(struct memory *m, const void *at, uint64_t size, bool allow)
{
	uint64_t from = (const uint8_t *)at - m->base, to = from + size;

	for (; from < to && (from & 7 || to - from < 8); from++) {
		if (allow)
			m->known[from >> 3] |= 1u << (from & 7);
		else
			m->known[from >> 3] &= ~(1u << (from & 7));
	}
	if (to - from < 8)
		return;
	memset(m->known + (from >> 3), allow ? 0xff : 0, (to - from) >> 3);
	set_bits(m, m->base + (to & ~7ull), to & 7, allow);
}

void memory_allow(struct memory *m, const void *at, uint64_t size)
{
	set_bits(m, at, size, true);
}

void memory_forbid(struct memory *m, const void *at, uint64_t size)
{
	set_bits(m, at, size, false);
}

bool memory_may_read(const struct memory *m, uint64_t at, uint64_t size)
{
	uint64_t off = at - (uintptr_t)m->base, done = 0;

	if (off >= m->size || size > m->size - off)
		return false;
	for (; size - done >= 8; done += 8)
		if (!memory_reads(m, at + done, 8))
			return false;
	for (; done < size; done++)
		if (!memory_reads(m, at + done, 1))
			return false;
	return true;
}

bool memory_may_write(const struct memory *m, uint64_t at, uint64_t size)
{
	return at - (uintptr_t)m->base >= m->writable && memory_may_read(m, at, size);
}
