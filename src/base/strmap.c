/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The string map: open addressing with linear probing, a power of two slots, at
 * most half of them used.  Nothing is ever removed; a NULL value reads as absent.
 */
#include "base/strmap.h"

#include <stdint.h>
#include <string.h>

struct slot {
	const char *key; /* NULL: free */
	uint64_t hash;
	void *value;
};

struct strmap {
	struct arena *arena;
	struct slot *slots;
	size_t nslots, used;
};

static uint64_t hash_string(const char *s)
{
	uint64_t h = 0xcbf29ce484222325ull; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return h ^ (h >> 32);
}

static struct slot *find_slot(const struct strmap *m, const char *key, uint64_t hash)
{
	size_t i = hash & (m->nslots - 1);

	while (m->slots[i].key && (m->slots[i].hash != hash || strcmp(m->slots[i].key, key) != 0))
		i = (i + 1) & (m->nslots - 1);
	return &m->slots[i];
}

struct strmap *strmap_new(struct arena *a)
{
	struct strmap *m = ARENA_NEW(a, struct strmap);

	m->arena = a;
	m->nslots = 16;
	m->slots = arena_alloc(a, m->nslots * sizeof(*m->slots));
	return m;
}

void *strmap_get(const struct strmap *m, const char *key)
{
	return find_slot(m, key, hash_string(key))->value;
}

static void strmap_widen(struct strmap *m)
{
	struct slot *old = m->slots;
	size_t n = m->nslots;

	m->nslots *= 2;
	m->slots = arena_alloc(m->arena, m->nslots * sizeof(*m->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].key)
			*find_slot(m, old[i].key, old[i].hash) = old[i];
}

void strmap_put(struct strmap *m, const char *key, void *value)
{
	uint64_t hash = hash_string(key);
	struct slot *s = find_slot(m, key, hash);

	if (!s->key) {
		if (2 * (m->used + 1) > m->nslots) {
			strmap_widen(m);
			s = find_slot(m, key, hash);
		}
		s->key = key;
		s->hash = hash;
		m->used++;
	}
	s->value = value;
}

void strmap_each(const struct strmap *m, void (*visit)(void *arg, const char *key, void *value),
		 void *arg)
{
	for (size_t i = 0; i < m->nslots; i++)
		if (m->slots[i].key && m->slots[i].value)
			visit(arg, m->slots[i].key, m->slots[i].value);
}
