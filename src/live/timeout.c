/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the program of ROLE_TIMEOUT for what is over.  The map is walked in batches
 * of whole buckets; what programs add or remove meanwhile does no harm, since
 * the program looks at the element and its time again, and who removes it tells
 * of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "live/live_impl.h"

#define BATCH 4096u

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* The key is the context: raw tracepoint programs take twelve words. */
static int run_for(int prog, const void *key, uint32_t size)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = key, .ctx_size_in = size);

	return bpf_prog_test_run_opts(prog, &opts) ? -errno : 0;
}

static int run_batch(int prog, const struct map_def *m, const uint8_t *keys, const uint8_t *values,
		     uint32_t n, uint64_t ahead)
{
	uint64_t now = now_ns() + ahead, until;
	int err = 0;

	for (uint32_t i = 0; i < n && !err; i++) {
		memcpy(&until, values + (size_t)i * m->value_size, sizeof(until));
		if (until <= now)
			err = run_for(prog, keys + (size_t)i * m->key_size, m->key_size);
	}
	return err;
}

static int walk(int fd, int prog, const struct map_def *m, uint64_t ahead)
{
	uint8_t *keys = malloc((size_t)BATCH * m->key_size);
	uint8_t *values = malloc((size_t)BATCH * m->value_size);
	uint32_t token, *from = NULL, n;
	bool end = false;
	int err = keys && values ? 0 : -ENOMEM;

	while (!err && !end) {
		n = BATCH;
		end = bpf_map_lookup_batch(fd, from, &token, keys, values, &n, NULL) != 0;
		if (end && errno != ENOENT)
			err = -errno;
		else
			err = run_batch(prog, m, keys, values, n, ahead);
		from = &token;
	}
	free(keys);
	free(values);
	return err;
}

int live_time_out(struct engine *e, int program, uint64_t ahead)
{
	struct live *l = live_of(e);
	int err = 0;

	for (int i = 0; i < l->p->nmaps && !err; i++)
		if (l->p->maps[i].role == MAP_TIMED)
			err = walk(l->map_fds[i], l->prog_fds[program], &l->p->maps[i], ahead);
	return err;
}
