/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes aggregations out of the kernel.
 *
 * A program reads the generation once in a firing and uses it as the first part
 * of the key (or the index, of an aggregation without keys).  After the flip
 * and a grace period nobody writes to the old generation: it is read and
 * removed in peace while programs fill the new one.  Entries of the new one
 * that come along while reading are left alone.  Once nothing is attached there
 * is nobody to wait for, and both generations are taken.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "live/live_impl.h"

#define BATCH_BYTES (1u << 20)
#define GENERATIONS 2

struct drain {
	struct live *l;
	bool take[GENERATIONS];
	engine_agg_fn *fn;
	void *arg;
	int agg; /* index of the one at work */
	int fd;
	size_t cpu_size; /* bytes of one CPU's value as the kernel lays them out */
	uint32_t nwords;
	int values; /* given to fn */
};

static bool is_zero(const int64_t *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (words[i])
			return false;
	return true;
}

static void drain_value(struct drain *d, const void *key, const uint8_t *value)
{
	for (int cpu = 0; cpu < d->l->ncpus; cpu++, value += d->cpu_size) {
		if (is_zero((const int64_t *)value, d->nwords))
			continue;
		d->fn(d->arg, d->agg, key, (const int64_t *)value);
		d->values++;
	}
}

static int drain_array(struct drain *d)
{
	size_t size = d->cpu_size * d->l->ncpus;
	uint8_t *value = malloc(size);
	int err = value ? 0 : -ENOMEM;

	for (uint32_t gen = 0; gen < GENERATIONS && !err; gen++) {
		if (!d->take[gen])
			continue;
		if (bpf_map_lookup_elem(d->fd, &gen, value)) {
			err = -errno;
			break;
		}
		drain_value(d, "", value);
		memset(value, 0, size);
		if (bpf_map_update_elem(d->fd, &gen, value, 0))
			err = -errno;
	}
	free(value);
	return err;
}

/* Gives fn the entries of a batch that are to be taken; their keys move to the front. */
static uint32_t drain_batch(struct drain *d, uint8_t *keys, size_t key_size, const uint8_t *values,
			    uint32_t n)
{
	uint32_t taken = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint8_t *key = keys + i * key_size;
		uint64_t gen;

		memcpy(&gen, key, sizeof(gen));
		if (gen >= GENERATIONS || !d->take[gen])
			continue;
		drain_value(d, key + sizeof(gen), values + i * d->cpu_size * d->l->ncpus);
		memmove(keys + taken++ * key_size, key, key_size);
	}
	return taken;
}

static int delete_keys(int fd, uint8_t *keys, size_t key_size, uint32_t n)
{
	for (uint32_t done = 0; done < n;) {
		uint32_t count = n - done;

		if (!bpf_map_delete_batch(fd, keys + done * key_size, &count, NULL))
			return 0;
		/* Only we delete: an entry that is gone can't be, but would do no harm. */
		if (errno != ENOENT)
			return -errno;
		done += count + 1;
	}
	return 0;
}

/*
 * Walks the table in batches of whole buckets: entries that programs add
 * meanwhile never move others, and deleting those behind us never does.
 */
static int drain_hash(struct drain *d, size_t key_size, uint32_t max_entries)
{
	size_t value_size = d->cpu_size * d->l->ncpus;
	uint32_t room = BATCH_BYTES / (value_size + key_size), count, token, *in = NULL;
	uint8_t *keys, *values;
	int err = 0;

	if (room > max_entries)
		room = max_entries;
	if (room < 16)
		room = 16;
	keys = malloc(room * key_size);
	values = malloc(room * value_size);
	while (!err) {
		bool end;

		if (!keys || !values) {
			err = -ENOMEM;
			break;
		}
		count = room;
		end = bpf_map_lookup_batch(d->fd, in, &token, keys, values, &count, NULL) != 0;
		if (end && errno == ENOSPC && room < 1u << 20) {
			/* A bucket holds more than that: the walk goes on where it stood. */
			free(keys);
			free(values);
			room *= 2;
			keys = malloc(room * key_size);
			values = malloc(room * value_size);
			continue;
		}
		if (end && errno != ENOENT) {
			err = -errno;
			break;
		}
		count = drain_batch(d, keys, key_size, values, count);
		err = delete_keys(d->fd, keys, key_size, count);
		in = &token;
		if (end)
			break;
	}
	free(keys);
	free(values);
	return err;
}

int live_drain(struct engine *e, engine_agg_fn *fn, void *arg)
{
	struct live *l = live_of(e);
	struct drain d = {.l = l, .take = {true, true}, .fn = fn, .arg = arg};
	int err = 0;

	if (!l->p->naggs)
		return 0;
	if (l->nlinks && l->control) {
		uint64_t old = l->control->generation & 1;

		__atomic_store_n(&l->control->generation, !old, __ATOMIC_SEQ_CST);
		err = grace_wait(l);
		d.take[!old] = false;
	}
	for (int i = 0; i < l->p->naggs && !err; i++) {
		const struct agg_def *a = &l->p->aggs[i];
		const struct map_def *m = &l->p->maps[a->map];

		d.agg = i;
		d.fd = l->map_fds[a->map];
		d.cpu_size = (m->value_size + 7) & ~7u;
		d.nwords = a->nwords;
		err = m->type == BPF_MAP_TYPE_PERCPU_ARRAY
			      ? drain_array(&d)
			      : drain_hash(&d, m->key_size, m->max_entries);
	}
	return err ? err : d.values;
}
