/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a process has an ancestor, itself included. */
#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))
#define GENERATIONS 128

/* The kernel's number of the helper: its header is not for a machine without a C library. */
static long (*const probe_read_kernel)(void *to, uint32_t size, uint64_t from) = (void *)113;

INLINE uint64_t word(uint64_t at)
{
	uint64_t w = 0;

	probe_read_kernel(&w, sizeof(w), at);
	return w;
}

/* parent, tgid: their offsets in struct task_struct. The first process is its own parent. */
uint64_t progenyof(uint64_t task, uint64_t parent, uint64_t tgid, uint64_t pid)
{
	for (int i = 0; i < GENERATIONS && task; i++) {
		uint64_t above;

		if ((uint32_t)word(task + tgid) == (uint32_t)pid)
			return 1;
		above = word(task + parent);
		if (above == task)
			return 0;
		task = above;
	}
	return 0;
}
