/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What this firing has loaded, computed or found: a list, in the order in which
 * code was made for it.  An entry holds as long as the code that made it
 * dominates, so a scope is a mark in the list, and its end cuts the list there.
 * Branches that leave a clause, or test whether a way fires, mark how far what
 * comes behind them may look back.
 */
#include <string.h>

#include "emit/emit_impl.h"

size_t emit_scope(struct emit *e)
{
	return e->state->cache.all.n;
}

void emit_scope_end(struct emit *e, size_t mark)
{
	struct cache_state *c = &e->state->cache;

	if (c->all.n > mark)
		c->all.n = mark;
	/* What follows comes behind the branches that were made in the scope. */
	if (c->leave_mark > (long)mark)
		c->leave_mark = (long)mark;
	if (c->branch_mark > (long)mark)
		c->branch_mark = (long)mark;
}

void emit_leave_point(struct emit *e)
{
	if (e->state->cache.leave_mark < 0)
		e->state->cache.leave_mark = (long)e->state->cache.all.n;
}

void emit_branch_point(struct emit *e)
{
	if (e->state->cache.branch_mark < 0)
		e->state->cache.branch_mark = (long)e->state->cache.all.n;
}

long emit_condition_begin(struct emit *e)
{
	long saved = e->state->cache.branch_mark;

	e->state->cache.branch_mark = -1;
	return saved;
}

size_t emit_condition_end(struct emit *e, long saved)
{
	struct cache_state *c = &e->state->cache;
	size_t mark = c->branch_mark >= 0 ? (size_t)c->branch_mark : c->all.n;

	c->branch_mark = saved;
	return mark;
}

size_t emit_condition_join(struct emit *e, long saved)
{
	size_t mark = emit_condition_end(e, saved);

	if (saved < 0)
		e->state->cache.branch_mark = (long)mark;
	return mark;
}

/* A false predicate leaves the clause by the first of its branches. */
void emit_predicate_done(struct emit *e)
{
	struct cache_state *c = &e->state->cache;

	if (c->branch_mark >= 0 && (c->leave_mark < 0 || c->leave_mark > c->branch_mark))
		c->leave_mark = c->branch_mark;
}

int cache_find(struct emit *e, const void *tag, struct place at, unsigned size)
{
	for (size_t i = e->state->cache.all.n; i-- > 0;) {
		const struct cached *c = &e->state->cache.all.at[i];

		if (c->tag == tag && c->space == at.space && c->base == at.base &&
		    c->off == at.off && c->size == size && !c->ids)
			return c->reg;
	}
	return -1;
}

void cache_add(struct emit *e, const void *tag, struct place at, unsigned size, int reg)
{
	struct cached c = {
		.tag = tag,
		.space = at.space,
		.base = at.base,
		.off = at.off,
		.size = size,
		.reg = reg,
	};

	vec_push(&e->state->cache.all, c);
}

int emit_cached(struct emit *e, const void *tag)
{
	return cache_find(e, tag, (struct place){0}, 0);
}

void emit_cache(struct emit *e, const void *tag, int reg)
{
	cache_add(e, tag, (struct place){0}, 0, reg);
}

void emit_forget_loads(struct emit *e)
{
	for (size_t i = 0; i < e->state->cache.all.n; i++) {
		struct cached *c = &e->state->cache.all.at[i];

		if (c->size && c->space == SPACE_KERNEL)
			c->size = FORGOTTEN;
	}
}

static const char nonnull_tag[] = "nonnull";

void emit_note_nonnull(struct emit *e, int reg)
{
	cache_add(e, nonnull_tag, (struct place){.base = reg}, 0, reg);
}

bool emit_is_nonnull(struct emit *e, int reg)
{
	return cache_find(e, nonnull_tag, (struct place){.base = reg}, 0) >= 0;
}

int emit_cached_element(struct emit *e, const void *tag, const int *ids, int n)
{
	for (size_t i = e->state->cache.all.n; i-- > 0;) {
		const struct cached *c = &e->state->cache.all.at[i];

		if (c->ids && c->tag == tag && c->nids == n &&
		    !memcmp(c->ids, ids, n * sizeof(*ids)))
			return c->reg;
	}
	return -1;
}

void emit_cache_element(struct emit *e, const void *tag, const int *ids, int n, int reg)
{
	int *copy = arena_alloc(e->arena, (n + 1) * sizeof(*copy));

	memcpy(copy, ids, n * sizeof(*ids));
	vec_push(&e->state->cache.all,
		 (struct cached){.tag = tag, .ids = copy, .nids = n, .reg = reg});
}

/*
 * Addresses, which may be NULL: kept of the last few alone, for with each that
 * is live the verifier walks the code that follows twice, once with an address
 * and once with NULL.
 */
#define ADDRESSES_KEPT 2

void emit_cache_address(struct emit *e, const void *tag, const int *ids, int n, int reg)
{
	struct cache_state *c = &e->state->cache;
	int kept = 1;

	for (size_t i = c->all.n; i-- > 0;) {
		struct cached *old = &c->all.at[i];

		if (old->ids && old->is_address && old->nids >= 0 && ++kept > ADDRESSES_KEPT)
			old->nids = -1;
	}
	emit_cache_element(e, tag, ids, n, reg);
	vec_last(&c->all).is_address = true;
}

void emit_forget_elements(struct emit *e, const void *tag)
{
	for (size_t i = 0; i < e->state->cache.all.n; i++) {
		struct cached *c = &e->state->cache.all.at[i];

		if (c->ids && c->tag == tag)
			c->nids = -1;
	}
}
