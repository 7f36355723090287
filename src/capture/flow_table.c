/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Connections by their ends. They lie in chunks that never move; buckets chain
 * them by number. Each search also looks at a bucket or two for what is over, so
 * nothing ever stops for a great sweep.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/flow_impl.h"

#define CHUNK 4096u
#define FIRST_BUCKETS 4096u

static struct flow *at(const struct table *t, uint32_t number)
{
	return &t->chunks[(number - 1) / CHUNK][(number - 1) % CHUNK];
}

int table_open(struct table *t)
{
	*t = (struct table){.nbuckets = FIRST_BUCKETS};
	t->buckets = calloc(t->nbuckets, sizeof(*t->buckets));
	return t->buckets ? 0 : -ENOMEM;
}

void table_close(struct table *t)
{
	for (uint32_t i = 0; i < t->nchunks; i++)
		free(t->chunks[i]);
	free(t->chunks);
	free(t->buckets);
}

static uint32_t hash_of(const struct flow *f)
{
	uint64_t h = (uint64_t)f->port[0] << 16 | f->port[1], words[4];

	memcpy(words, f->address, sizeof(words));
	for (int i = 0; i < 4; i++) {
		h = (h ^ words[i]) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 29;
	}
	return (h * 0xbf58476d1ce4e5b9ull) >> 32;
}

/* More buckets; where there is no memory for them the chains grow. */
static void grow_buckets(struct table *t)
{
	uint32_t n = t->nbuckets * 2, *buckets = calloc(n, sizeof(*buckets));

	if (!buckets)
		return;
	for (uint32_t b = 0; b < t->nbuckets; b++) {
		for (uint32_t number = t->buckets[b], next; number; number = next) {
			struct flow *f = at(t, number);
			uint32_t *bucket = &buckets[hash_of(f) & (n - 1)];

			next = f->next;
			f->next = *bucket;
			*bucket = number;
		}
	}
	free(t->buckets);
	t->buckets = buckets;
	t->nbuckets = n;
	t->sweep = 0;
}

static uint32_t take_number(struct table *t)
{
	uint32_t number = t->free;

	if (number) {
		t->free = at(t, number)->next;
		return number;
	}
	if (t->used == t->nchunks * CHUNK) {
		struct flow **chunks = realloc(t->chunks, (t->nchunks + 1) * sizeof(*t->chunks));

		if (!chunks)
			return 0;
		t->chunks = chunks;
		t->chunks[t->nchunks] = malloc(CHUNK * sizeof(struct flow));
		if (!t->chunks[t->nchunks])
			return 0;
		t->nchunks++;
	}
	return ++t->used;
}

static bool same_ends(const struct flow *a, const struct flow *b)
{
	return !memcmp(a->address, b->address, sizeof(a->address)) &&
	       !memcmp(a->port, b->port, sizeof(a->port));
}

struct flow *table_find(struct table *t, const uint8_t *a, uint16_t a_port, const uint8_t *b,
			uint16_t b_port, int size, int *first, bool *is_new)
{
	struct flow key = {0};
	int order = memcmp(a, b, size), swap = order ? order > 0 : a_port > b_port;
	uint32_t hash, number;

	memcpy(key.address[swap], a, size);
	memcpy(key.address[!swap], b, size);
	key.port[swap] = a_port;
	key.port[!swap] = b_port;
	*first = swap;
	*is_new = false;
	hash = hash_of(&key);
	for (number = t->buckets[hash & (t->nbuckets - 1)]; number; number = at(t, number)->next)
		if (same_ends(at(t, number), &key))
			return at(t, number);
	if (t->live >= t->nbuckets)
		grow_buckets(t);
	number = take_number(t);
	if (!number)
		return NULL;
	key.next = t->buckets[hash & (t->nbuckets - 1)];
	t->buckets[hash & (t->nbuckets - 1)] = number;
	*at(t, number) = key;
	t->live++;
	*is_new = true;
	return at(t, number);
}

void table_sweep(struct table *t, uint32_t since)
{
	uint32_t *link = &t->buckets[t->sweep++ & (t->nbuckets - 1)];

	while (*link) {
		uint32_t number = *link;
		struct flow *f = at(t, number);

		if ((int32_t)(f->seen - since) >= 0) {
			link = &f->next;
			continue;
		}
		*link = f->next;
		f->next = t->free;
		t->free = number;
		t->live--;
	}
}
