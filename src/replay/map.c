/* SPDX-License-Identifier: BSD-2-Clause */
#include "replay/map.h"

#include <errno.h>
#include <stdlib.h>

static bool is_per_cpu(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH;
}

static bool is_hash(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_PERCPU_HASH ||
	       type == BPF_MAP_TYPE_LRU_HASH;
}

static bool is_array(enum bpf_map_type type)
{
	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

/* A value, and eight bytes that belong to nobody: an access that goes beyond a value meets them. */
static uint32_t value_stride(uint32_t size)
{
	return ((size + 7) & ~7u) + 8;
}

uint64_t map_room(const struct map_def *d, int ncpus)
{
	uint64_t value = (uint64_t)value_stride(d->value_size) * (is_per_cpu(d->type) ? ncpus : 1);

	if (is_hash(d->type))
		return memory_room(hash_room(d->max_entries, d->key_size, value));
	return is_array(d->type) ? memory_room(d->max_entries * value) : 0;
}

static int array_open(struct map *map, struct memory *m)
{
	uint64_t n = (uint64_t)map->max_entries * map->ncopies;

	map->values = memory_take(m, n * map->stride, 16);
	if (!map->values)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		memory_allow(m, map->values + i * map->stride, map->value_size);
	return 0;
}

int map_open(struct map *map, struct memory *m, const struct map_def *d, int ncpus)
{
	*map = (struct map){.type = d->type,
			    .key_size = d->key_size,
			    .value_size = d->value_size,
			    .max_entries = d->max_entries,
			    .stride = value_stride(d->value_size),
			    .ncopies = is_per_cpu(d->type) ? ncpus : 1};
	if (is_array(d->type))
		return array_open(map, m);
	if (is_hash(d->type))
		return hash_open(&map->hash, m, d->max_entries, d->key_size,
				 map->stride * map->ncopies, d->type == BPF_MAP_TYPE_LRU_HASH);
	if (d->type != BPF_MAP_TYPE_PROG_ARRAY)
		return -EINVAL;
	map->programs = calloc(d->max_entries, sizeof(*map->programs));
	return map->programs ? 0 : -ENOMEM;
}

void map_close(struct map *map)
{
	hash_close(&map->hash);
	free(map->programs);
}

/* The first copy of an array's value. */
static uint8_t *array_value(const struct map *map, const void *key)
{
	uint32_t index;

	memcpy(&index, key, sizeof(index));
	if (index >= map->max_entries)
		return NULL;
	return map->values + (uint64_t)index * map->stride * map->ncopies;
}

static uint8_t *hash_lookup(struct map *map, const void *key)
{
	uint32_t element = hash_find(&map->hash, key);

	return element == HASH_NONE ? NULL : hash_value(&map->hash, element);
}

uint8_t *map_lookup(struct map *map, int cpu, const void *key)
{
	uint8_t *value = is_hash(map->type) ? hash_lookup(map, key) : array_value(map, key);

	return value ? map_copy(map, value, cpu) : NULL;
}

/* A new element's value: of this CPU as given, of the others 0. */
static uint8_t *hash_new_value(struct map *map, struct memory *m, const void *key)
{
	bool fresh;
	uint32_t element = hash_add(&map->hash, key, &fresh);
	uint8_t *value;

	if (element == HASH_NONE)
		return NULL;
	value = hash_value(&map->hash, element);
	if (!fresh)
		memset(value, 0, (uint64_t)map->stride * map->ncopies);
	for (uint32_t i = 0; fresh && i < map->ncopies; i++)
		memory_allow(m, value + (uint64_t)i * map->stride, map->value_size);
	return value;
}

int map_update(struct map *map, struct memory *m, int cpu, const void *key, const void *value,
	       uint64_t flags)
{
	uint8_t *at = is_hash(map->type) ? hash_lookup(map, key) : array_value(map, key);

	if (flags > BPF_EXIST)
		return -EINVAL;
	if (at && flags == BPF_NOEXIST)
		return -EEXIST;
	if (!at && !is_hash(map->type))
		return -E2BIG;
	if (!at && flags == BPF_EXIST)
		return -ENOENT;
	if (!at)
		at = hash_new_value(map, m, key);
	if (!at)
		return -E2BIG;
	memmove(map_copy(map, at, cpu), value, map->value_size);
	return 0;
}

int map_delete(struct map *map, const void *key)
{
	uint32_t element;

	if (!is_hash(map->type))
		return -EINVAL;
	element = hash_find(&map->hash, key);
	if (element == HASH_NONE)
		return -ENOENT;
	hash_remove(&map->hash, element);
	return 0;
}
