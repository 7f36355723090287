/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Open addressing with linear probing; half of the slots are free at least.
 * What is removed leaves no trace: those behind it move up.
 *
 * An element is a head, which no program may touch, its key, which neither,
 * and its value with room behind it.
 */
#include "replay/hash.h"

#include <errno.h>
#include <stdlib.h>

struct head {
	uint32_t hash;
	uint8_t present, used; /* used: since the hand came by */
};

_Static_assert(sizeof(struct head) == 8, "hash_key() knows the size");

static struct head *head(const struct hash *h, uint32_t element)
{
	return (struct head *)(h->elements + (uint64_t)element * h->stride);
}

static uint32_t key_room(uint32_t key_size)
{
	return (key_size + 7) & ~7u;
}

uint64_t hash_room(uint32_t max, uint32_t key_size, uint32_t value_room)
{
	return (uint64_t)max * (sizeof(struct head) + key_room(key_size) + value_room);
}

int hash_open(struct hash *h, struct memory *m, uint32_t max, uint32_t key_size,
	      uint32_t value_room, bool evicts)
{
	uint32_t nslots = 4;

	if (!max || max > 1u << 30)
		return -EINVAL;
	while (nslots < 2 * max)
		nslots *= 2;
	*h = (struct hash){.max = max, .key_size = key_size, .mask = nslots - 1, .evicts = evicts};
	h->value_at = sizeof(struct head) + key_room(key_size);
	h->stride = h->value_at + value_room;
	h->elements = memory_take(m, (uint64_t)max * h->stride, 8);
	h->slots = calloc(nslots, sizeof(*h->slots));
	h->free = calloc(max, sizeof(*h->free));
	return h->elements && h->slots && h->free ? 0 : -ENOMEM;
}

void hash_close(struct hash *h)
{
	free(h->slots);
	free(h->free);
}

static uint64_t mixed(uint64_t a, uint64_t b)
{
	unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15ull) * (b ^ 0xe7037ed1a0b428dbull);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_of(const void *key, uint32_t size)
{
	const uint8_t *at = key;
	uint64_t sum = size, word;

	for (; size >= 8; at += 8, size -= 8) {
		memcpy(&word, at, 8);
		sum = mixed(sum, word);
	}
	if (size) {
		word = 0;
		memcpy(&word, at, size);
		sum = mixed(sum, word);
	}
	return (uint32_t)(sum ^ sum >> 32);
}

static uint64_t slot_of(uint32_t hash, uint32_t element)
{
	return (uint64_t)hash << 32 | (element + 1);
}

static uint32_t element_in(uint64_t slot)
{
	return (uint32_t)slot - 1;
}

static bool same_key(const struct hash *h, uint32_t element, const void *key)
{
	return !memcmp(hash_key(h, element), key, h->key_size);
}

uint32_t hash_find(struct hash *h, const void *key)
{
	uint32_t hash = hash_of(key, h->key_size), at = hash & h->mask;

	for (uint64_t slot; (slot = h->slots[at]); at = (at + 1) & h->mask) {
		if ((uint32_t)(slot >> 32) != hash || !same_key(h, element_in(slot), key))
			continue;
		head(h, element_in(slot))->used = 1;
		return element_in(slot);
	}
	return HASH_NONE;
}

/* Those between the hole and the next free slot that may stand in the hole move into it. */
static void close_hole(struct hash *h, uint32_t hole)
{
	for (uint32_t at = (hole + 1) & h->mask; h->slots[at]; at = (at + 1) & h->mask) {
		uint32_t wanted = (uint32_t)(h->slots[at] >> 32) & h->mask;

		if (((at - wanted) & h->mask) < ((at - hole) & h->mask))
			continue;
		h->slots[hole] = h->slots[at];
		hole = at;
	}
	h->slots[hole] = 0;
}

void hash_remove(struct hash *h, uint32_t element)
{
	struct head *e = head(h, element);
	uint32_t at = e->hash & h->mask;

	while (h->slots[at] != slot_of(e->hash, element))
		at = (at + 1) & h->mask;
	close_hole(h, at);
	e->present = 0;
	h->free[h->nfree++] = element;
	h->count--;
}

/* The second chance: what was used since the hand came by last stays once more. */
static void evict(struct hash *h)
{
	for (;; h->hand = (h->hand + 1) % h->max) {
		struct head *e = head(h, h->hand);

		if (!e->present)
			continue;
		if (!e->used)
			break;
		e->used = 0;
	}
	hash_remove(h, h->hand);
	h->hand = (h->hand + 1) % h->max;
}

uint32_t hash_add(struct hash *h, const void *key, bool *fresh)
{
	uint32_t hash = hash_of(key, h->key_size), at = hash & h->mask, element;

	if (h->count == h->max) {
		if (!h->evicts)
			return HASH_NONE;
		evict(h);
	}
	*fresh = !h->nfree;
	element = h->nfree ? h->free[--h->nfree] : h->made++;
	while (h->slots[at])
		at = (at + 1) & h->mask;
	h->slots[at] = slot_of(hash, element);
	*head(h, element) = (struct head){.hash = hash, .present = 1};
	memcpy(hash_key(h, element), key, h->key_size);
	h->count++;
	return element;
}

bool hash_has(const struct hash *h, uint32_t element)
{
	return head(h, element)->present;
}
