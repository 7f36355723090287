/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process's stack by the chain of its frames, as the kernel follows it for
 * bpf_get_stack(): each frame begins with the address of the one before and the
 * address to return to. Code that is compiled without frame pointers ends it.
 */
#include <stdint.h>

#define FRAMES_MAX 512

/* The kernel's numbers of the helpers: its header is not for a machine without a C library. */
static long (*const probe_read_user)(void *to, uint32_t size, uint64_t from) = (void *)112;

/* pc, frame: registers of the process. room: for so many addresses, at `to`. */
uint64_t user_stack(uint64_t *to, uint64_t room, uint64_t pc, uint64_t frame)
{
	uint64_t next[2];

	if (!room)
		return 0;
	to[0] = pc;
	for (uint64_t i = 1; i < FRAMES_MAX; i++) {
		if (i >= room || !frame || frame & 7)
			break;
		if (probe_read_user(next, sizeof(next), frame) || !next[1])
			break;
		to[i] = next[1];
		if (next[0] <= frame)
			break;
		frame = next[0];
	}
	return 0;
}
