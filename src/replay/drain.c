/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes aggregations out of the machine.  No program runs meanwhile: both generations are taken. */
#include "replay/replay_impl.h"

#define GENERATIONS 2

struct drain {
	struct replay *r;
	engine_agg_fn *fn;
	void *arg;
	int agg, values;
	struct map *map;
	uint32_t nwords;
};

static bool is_zero(const int64_t *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (words[i])
			return false;
	return true;
}

/* Of every CPU. The copies are zero afterwards. */
static void drain_value(struct drain *d, const void *key, uint8_t *value)
{
	for (int cpu = 0; cpu < d->r->ncpus; cpu++) {
		int64_t *words = (int64_t *)map_copy(d->map, value, cpu);

		if (is_zero(words, d->nwords))
			continue;
		d->fn(d->arg, d->agg, key, words);
		memset(words, 0, d->nwords * sizeof(*words));
		d->values++;
	}
}

static void drain_array(struct drain *d)
{
	for (uint32_t generation = 0; generation < GENERATIONS; generation++) {
		uint8_t *value = map_lookup(d->map, 0, &generation);

		if (value)
			drain_value(d, "", value);
	}
}

static void drain_hash(struct drain *d)
{
	struct hash *h = &d->map->hash;

	for (uint32_t i = 0; i < h->made; i++) {
		if (!hash_has(h, i))
			continue;
		drain_value(d, hash_key(h, i) + sizeof(uint64_t), hash_value(h, i));
		hash_remove(h, i);
	}
}

int replay_drain(struct engine *e, engine_agg_fn *fn, void *arg)
{
	struct replay *r = replay_of(e);
	struct drain d = {.r = r, .fn = fn, .arg = arg};

	for (d.agg = 0; d.agg < r->p->naggs; d.agg++) {
		const struct agg_def *a = &r->p->aggs[d.agg];

		d.map = &r->machine.maps[a->map];
		d.nwords = a->nwords;
		if (d.map->type == BPF_MAP_TYPE_PERCPU_ARRAY)
			drain_array(&d);
		else
			drain_hash(&d);
	}
	return d.values;
}
