/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Register allocation: the registers in order of what it costs to spill them
 * (reads and writes, weighted by loop depth, for each position occupied), each
 * given the machine register it would like best among those free over all its
 * ranges.  What finds none is a victim: spill_rewrite() breaks it into pieces
 * and allocation starts again.  Atoms come first and so always find one.
 *
 * A call takes r0..r5 at its own position, so what lives across it can only
 * get r6..r9, without any rule to say so.
 *
 * Hints make moves vanish: an argument would like the register it is passed
 * in, a result r0, the context r1, the two ends of a move each other's.
 */
#include <errno.h>
#include <stdlib.h>

#include "ir/ir_impl.h"

struct link {
	int other;
	unsigned weight;
	int next; /* index into links, or -1 */
};

struct allocator {
	struct ir *ir;
	struct liveness *live;
	struct posset taken[NREGS];
	unsigned (*hints)[NREGS];
	struct link *links;
	int nlinks;
	int *first_link;
	double *weight;
	signed char *regs;
};

static unsigned weight_at(const unsigned *depth, size_t i)
{
	static const unsigned weights[] = {1, 8, 64, 512, 4096};

	return weights[depth[i]];
}

static void add_link(struct allocator *al, int a, int b, unsigned w)
{
	al->links[al->nlinks] = (struct link){b, w, al->first_link[a]};
	al->first_link[a] = al->nlinks++;
	al->links[al->nlinks] = (struct link){a, w, al->first_link[b]};
	al->first_link[b] = al->nlinks++;
}

static void hint_ins(struct allocator *al, struct ins *in, unsigned w)
{
	switch (in->op) {
	case INS_ENTRY:
		al->hints[in->dst][1] += w;
		break;
	case INS_CALL:
	case INS_CALL_SUPPORT:
	case INS_CALL_ONWARD:
		for (unsigned k = 0; k < in->nargs; k++)
			if (in->args[k].v >= 0)
				al->hints[in->args[k].v][k + 1] += w;
		if (in->dst >= 0)
			al->hints[in->dst][0] += w;
		break;
	case INS_ATOMIC:
		if (in->c >= 0)
			al->hints[in->c][0] += w;
		if (in->c >= 0 && in->dst >= 0)
			al->hints[in->dst][0] += w;
		else if (in->dst >= 0)
			add_link(al, in->dst, in->b, w);
		break;
	case INS_MOV:
	case INS_NEG:
	case INS_FRESH:
	case INS_SWAP:
	case INS_ALU:
		if (in->dst == in->a)
			break;
		add_link(al, in->dst, in->a, w);
		if (in->op == INS_ALU && in->b >= 0 && op_commutes(in->sub))
			add_link(al, in->dst, in->b, w);
		break;
	}
}

static void take_fixed(struct allocator *al, const struct ins *in, size_t i)
{
	unsigned n = ins_is_call(in) ? CALLER_SAVED : in->op == INS_ATOMIC && in->c >= 0 ? 1 : 0;

	for (unsigned r = 0; r < n; r++)
		posset_add(&al->taken[r], 2 * i + 1, 2 * i + 2);
}

static void survey(struct allocator *al, struct arena *tmp)
{
	/* a part was loaded already: it saves only later accesses, and must not oust the whole */
	static const double worth[] = {[LEVEL_WHOLE] = 1, [LEVEL_PART] = 0.25, [LEVEL_ATOM] = 1};
	struct ir *ir = al->ir;
	unsigned *depth = loop_depths(ir, tmp);
	struct use use[8];

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		unsigned n = ins_uses(in, use), w = weight_at(depth, i);

		for (unsigned k = 0; k < n; k++)
			al->weight[*use[k].reg] += w;
		if (in->dst >= 0)
			al->weight[in->dst] += w;
		hint_ins(al, in, w);
		take_fixed(al, in, i);
	}
	for (size_t r = 0; r < ir->nvregs; r++) {
		unsigned length = 1;

		for (const struct range *p = al->live->ranges[r]; p; p = p->next)
			length += p->to - p->from;
		al->weight[r] *= worth[ir->vregs[r].level];
		al->weight[r] /= length;
	}
}

/* What is settled (a fixed register, an allocated neighbour) counts more than a neighbour's wish.
 */
static void wishes(const struct allocator *al, int r, unsigned long wish[NREGS])
{
	for (int p = 0; p < NREGS; p++)
		wish[p] = al->hints[r][p] * 4ul;
	for (int l = al->first_link[r]; l >= 0; l = al->links[l].next) {
		const struct link *k = &al->links[l];

		if (al->regs[k->other] >= 0) {
			wish[al->regs[k->other]] += k->weight * 4ul;
			continue;
		}
		for (int p = 0; p < NREGS; p++)
			if (al->hints[k->other][p])
				wish[p] += k->weight;
	}
}

static int choose(const struct allocator *al, int r)
{
	/* the argument registers last among the caller-saved: others wish for them */
	static const int order[NREGS] = {5, 4, 0, 3, 2, 1, 6, 7, 8, 9};
	unsigned long wish[NREGS];
	bool tried[NREGS] = {0};

	wishes(al, r, wish);
	for (int n = 0; n < NREGS; n++) {
		int best = -1;

		for (int k = 0; k < NREGS; k++)
			if (!tried[order[k]] && (best < 0 || wish[order[k]] > wish[best]))
				best = order[k];
		tried[best] = true;
		if (!posset_meets_ranges(&al->taken[best], al->live->ranges[r]))
			return best;
	}
	return -1;
}

struct candidate {
	double weight;
	int reg;
	bool atom;
};

static int by_weight(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->atom != y->atom)
		return y->atom - x->atom;
	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return x->reg - y->reg;
}

static struct candidate *candidates(struct allocator *al, size_t *count, struct arena *tmp)
{
	struct candidate *c = arena_alloc(tmp, sizeof(*c) * (al->ir->nvregs + 1));
	size_t n = 0;

	for (size_t r = 0; r < al->ir->nvregs; r++) {
		const struct vreg *v = &al->ir->vregs[r];

		if (v->where == IN_REG && al->live->ranges[r])
			c[n++] = (struct candidate){al->weight[r], r, v->level == LEVEL_ATOM};
	}
	qsort(c, n, sizeof(*c), by_weight);
	*count = n;
	return c;
}

/* regs and victim have an entry for each register. True if all found one. */
bool allocate(struct ir *ir, struct liveness *live, signed char *regs, bool *victim,
	      struct arena *tmp)
{
	struct allocator al = {.ir = ir, .live = live, .regs = regs};
	struct candidate *c;
	bool all = true;
	size_t n;

	for (int p = 0; p < NREGS; p++)
		posset_init(&al.taken[p], live->npositions, tmp);
	al.hints = arena_alloc(tmp, sizeof(*al.hints) * (ir->nvregs + 1));
	al.links = arena_alloc(tmp, sizeof(*al.links) * (4 * ir->n + 1));
	al.first_link = arena_alloc(tmp, sizeof(int) * (ir->nvregs + 1));
	al.weight = arena_alloc(tmp, sizeof(double) * (ir->nvregs + 1));
	for (size_t r = 0; r < ir->nvregs; r++)
		al.first_link[r] = regs[r] = -1;
	survey(&al, tmp);
	c = candidates(&al, &n, tmp);
	for (size_t k = 0; k < n; k++) {
		int r = c[k].reg, p = choose(&al, r);

		if (p >= 0) {
			posset_add_ranges(&al.taken[p], live->ranges[r]);
			regs[r] = p;
			continue;
		}
		if (c[k].atom) {
			ir_fail(ir, -EFAULT, "no machine register for an operand");
			return false;
		}
		victim[r] = true;
		all = false;
	}
	return all;
}
