/* SPDX-License-Identifier: BSD-2-Clause */
/* The maps of the machine. */
#pragma once

#include "program/program.h"
#include "replay/hash.h"
#include "replay/ring.h"

struct code;

struct map {
	enum bpf_map_type type;
	uint32_t key_size, value_size, max_entries;
	uint32_t stride;  /* from a value to the next: with what lies between them */
	uint32_t ncopies; /* of a value: one for each CPU, or one */
	uint8_t *values;  /* of an array: of each index, its copies */
	struct hash hash;
	int ring;		 /* its number; of an array of rings, the first one's */
	const struct map *rings; /* an array of rings: the maps in it */
	const struct code **programs;
};

/* Bytes in the machine's memory. */
uint64_t map_room(const struct map_def *d, int ncpus);
/* An array or a hash table; 0, -ENOMEM, or -EINVAL: no such kind. */
int map_open(struct map *map, struct memory *m, const struct map_def *d, int ncpus);
void map_close(struct map *map);

/* What the helpers do; key and value are memory that may be read. NULL: not there. */
uint8_t *map_lookup(struct map *map, int cpu, const void *key);
int map_update(struct map *map, struct memory *m, int cpu, const void *key, const void *value,
	       uint64_t flags);
int map_delete(struct map *map, const void *key);
/* A CPU's copy of a value, from the first one's address. */
static inline uint8_t *map_copy(const struct map *map, uint8_t *value, int cpu)
{
	return map->ncopies > 1 ? value + (uint64_t)map->stride * cpu : value;
}
