/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tuples as map keys: items one behind the other, naturally aligned, every byte
 * written (the kernel hashes the padding too).
 */
#include "codegen/cg.h"

static uint32_t item_align(const struct item *it)
{
	return it->kind == ITEM_INT ? it->size : it->kind == ITEM_STRID ? 4 : 8;
}

/* Sets the items' offsets from off on; the size of the key, a multiple of 8. */
uint32_t cg_key_layout(struct item *items, int n, uint32_t off)
{
	for (int i = 0; i < n; i++) {
		uint32_t align = item_align(&items[i]);

		off = (off + align - 1) & ~(align - 1);
		items[i].offset = off;
		off += items[i].size;
	}
	return (off + 7) & ~7u;
}

static bool word_covered(const struct item *items, int n, uint32_t word)
{
	uint32_t covered = 0;

	for (int i = 0; i < n; i++) {
		uint32_t from = items[i].offset, to = from + items[i].size;

		from = from < word ? word : from;
		to = to > word + 8 ? word + 8 : to;
		if (to > from)
			covered += to - from;
	}
	return covered >= 8;
}

/* Stores the tuple from byte `from` of the key on (what is before is the caller's). */
void cg_key_store(struct codegen *cg, const struct item *items, const struct key_value *k,
		  uint32_t key_size, struct place to, uint32_t from)
{
	for (uint32_t w = from; w < key_size; w += 8)
		if (!word_covered(items, k->n, w))
			cg_zero(cg, cg_place_at(to, w), 8);
	for (int i = 0; i < k->n; i++) {
		struct place at = cg_place_at(to, items[i].offset);

		if (items[i].kind == ITEM_INT)
			cg_store(cg, at, k->value[i].reg, items[i].size);
		else
			cg_string_store(cg, &k->value[i], at);
	}
}
