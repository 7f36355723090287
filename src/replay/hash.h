/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hash table of the machine: elements stay where they are from the time they
 * are added until they are removed, whatever happens to others, so that programs
 * can hold addresses of values.  A lookup costs one or two lines of cache.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "replay/memory.h"

#define HASH_NONE UINT32_MAX

struct hash {
	uint8_t *elements;
	uint64_t *slots; /* half of the key's hash, and the element's number + 1; 0: free */
	uint32_t *free;	 /* elements that were removed */
	uint32_t nfree, made, count;
	uint32_t mask; /* of slots */
	uint32_t max, key_size;
	uint32_t value_at, stride; /* in an element */
	uint32_t hand;		   /* of an evicting one: where the search goes on */
	bool evicts;		   /* when it is full, what was not used for long makes room */
};

/* Bytes that the elements need in the machine's memory. */
uint64_t hash_room(uint32_t max, uint32_t key_size, uint32_t value_room);
int hash_open(struct hash *h, struct memory *m, uint32_t max, uint32_t key_size,
	      uint32_t value_room, bool evicts);
void hash_close(struct hash *h);
/* Numbers of elements, or HASH_NONE. */
uint32_t hash_find(struct hash *h, const void *key);
/* Adds one that is not there; *fresh: its memory was never used before. HASH_NONE: it is full. */
uint32_t hash_add(struct hash *h, const void *key, bool *fresh);
void hash_remove(struct hash *h, uint32_t element);
/* For walking: element < h->made. */
bool hash_has(const struct hash *h, uint32_t element);

static inline uint8_t *hash_key(const struct hash *h, uint32_t element)
{
	return h->elements + (uint64_t)element * h->stride + 8;
}

static inline uint8_t *hash_value(const struct hash *h, uint32_t element)
{
	return h->elements + (uint64_t)element * h->stride + h->value_at;
}
