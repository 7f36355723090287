/* SPDX-License-Identifier: BSD-2-Clause */
#include "engine/limits.h"

#include <stdio.h>
#include <unistd.h>

#define DEFAULT_BUFSIZE (4u << 20)
#define SMALL_RING (256u << 10) /* nothing attached */
#define LARGEST_RING (1u << 30)

uint64_t engine_ring_size(const struct program *p, uint64_t bufsize)
{
	uint64_t want = bufsize ? bufsize : DEFAULT_BUFSIZE, once = 0;
	uint64_t size = sysconf(_SC_PAGESIZE);

	for (int i = 0; i < p->nenablings; i++)
		once += p->enablings[i].record_size + 8;
	if (p->one_ring) {
		uint64_t enough = 4 * once > SMALL_RING ? 4 * once : SMALL_RING;

		if (want > enough)
			want = enough;
	}
	while (size < want && size < LARGEST_RING)
		size *= 2;
	return size;
}

struct map_def engine_scratch(const struct map_def *m, int ncpus)
{
	struct map_def all = *m;

	all.max_entries = ncpus * SCRATCH_LEVELS;
	return all;
}

int engine_no_room(char *why, size_t n, int err, const struct map_def *m)
{
	snprintf(why, n,
		 "not enough memory for %s (%u entries of %u bytes): make bufsize, aggsize or "
		 "dynvarsize smaller",
		 m->name, m->max_entries, m->key_size + m->value_size);
	return -err;
}
