/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of positions in the program as bit strings: what a machine register or a
 * stack slot is taken for.
 */
#include "ir/ir_impl.h"

void posset_init(struct posset *s, unsigned npositions, struct arena *tmp)
{
	s->words = arena_alloc(tmp, sizeof(uint64_t) * (npositions / 64 + 2));
}

/* The bits of word w that belong to [from, to). */
static uint64_t mask(unsigned w, unsigned from, unsigned to)
{
	uint64_t m = ~0ull;

	if (w == from / 64)
		m &= ~0ull << (from % 64);
	if (w == (to - 1) / 64)
		m &= ~0ull >> (63 - (to - 1) % 64);
	return m;
}

void posset_add(struct posset *s, unsigned from, unsigned to)
{
	if (from >= to)
		return;
	for (unsigned w = from / 64; w <= (to - 1) / 64; w++)
		s->words[w] |= mask(w, from, to);
}

bool posset_meets(const struct posset *s, unsigned from, unsigned to)
{
	if (from >= to)
		return false;
	for (unsigned w = from / 64; w <= (to - 1) / 64; w++)
		if (s->words[w] & mask(w, from, to))
			return true;
	return false;
}

void posset_add_ranges(struct posset *s, const struct range *r)
{
	for (; r; r = r->next)
		posset_add(s, r->from, r->to);
}

bool posset_meets_ranges(const struct posset *s, const struct range *r)
{
	for (; r; r = r->next)
		if (posset_meets(s, r->from, r->to))
			return true;
	return false;
}
