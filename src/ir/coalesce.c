/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Coalescing: gives the two registers of a move one name where their ranges do
 * not meet, which makes the move disappear; likewise the result and the first
 * operand of arithmetic, which BPF needs in one register anyway.
 *
 * Positions stay what they were, so the ranges stay valid: they are merged here.
 */
#include "ir/ir_impl.h"

/* Longer lists are left to the allocator's hints, so that chains of moves do not cost squares. */
#define MAX_RANGES 200

struct merger {
	struct ir *ir;
	struct liveness *live;
	int *name;
	unsigned *nranges;
	unsigned *nuses;
	bool *invariant; /* its one write is of a value that can be made anew */
};

static int find(struct merger *m, int r)
{
	while (m->name[r] != r)
		r = m->name[r] = m->name[m->name[r]];
	return r;
}

static bool ranges_meet(const struct range *a, const struct range *b)
{
	while (a && b) {
		if (a->to <= b->from)
			a = a->next;
		else if (b->to <= a->from)
			b = b->next;
		else
			return true;
	}
	return false;
}

static struct range *ranges_merge(struct range *a, struct range *b, unsigned *count)
{
	struct range *first = NULL, **link = &first, *last = NULL;

	*count = 0;
	while (a || b) {
		struct range **from = !b || (a && a->from < b->from) ? &a : &b;
		struct range *r = *from;

		*from = r->next;
		if (last && last->to >= r->from) {
			if (r->to > last->to)
				last->to = r->to;
			continue;
		}
		*link = last = r;
		link = &r->next;
		r->next = NULL;
		++*count;
	}
	return first;
}

static bool compatible(const struct ir *ir, int a, int b)
{
	const struct vreg *x = &ir->vregs[a], *y = &ir->vregs[b];

	if (x->where != IN_REG || y->where != IN_REG || x->level != y->level)
		return false;
	if (x->level == LEVEL_WHOLE)
		return true;
	return x->level == LEVEL_PART && x->origin == y->origin;
}

static bool merge(struct merger *m, int a, int b)
{
	unsigned count;

	a = find(m, a);
	b = find(m, b);
	if (a == b)
		return true;
	if (!compatible(m->ir, a, b) || m->nranges[a] + m->nranges[b] > MAX_RANGES)
		return false;
	if ((m->invariant[a] && m->nuses[a] > 1) || (m->invariant[b] && m->nuses[b] > 1))
		return false;
	if (ranges_meet(m->live->ranges[a], m->live->ranges[b]))
		return false;
	m->live->ranges[a] = ranges_merge(m->live->ranges[a], m->live->ranges[b], &count);
	m->live->ranges[b] = NULL;
	m->nranges[a] = count;
	m->nuses[a] += m->nuses[b];
	m->invariant[a] = false;
	m->name[b] = a;
	return true;
}

static void count(struct merger *m, struct arena *tmp)
{
	struct ir *ir = m->ir;
	unsigned *writes = arena_alloc(tmp, sizeof(*writes) * (ir->nvregs + 1));
	struct use use[8];

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		unsigned n = ins_uses(in, use);

		for (unsigned k = 0; k < n; k++)
			m->nuses[*use[k].reg]++;
		if (in->dst < 0)
			continue;
		m->invariant[in->dst] = op_is_invariant(in->op) && !writes[in->dst];
		writes[in->dst]++;
	}
	for (size_t r = 0; r < ir->nvregs; r++) {
		m->name[r] = r;
		for (const struct range *p = m->live->ranges[r]; p; p = p->next)
			m->nranges[r]++;
	}
}

static void rename_all(struct merger *m)
{
	struct ir *ir = m->ir;
	struct use use[8];

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		unsigned n = ins_uses(in, use);

		for (unsigned k = 0; k < n; k++)
			*use[k].reg = find(m, *use[k].reg);
		if (in->dst >= 0)
			in->dst = find(m, in->dst);
		if (in->op == INS_MOV && in->dst == in->a)
			*in = (struct ins){.op = INS_NOP, .dst = -1, .a = -1, .b = -1, .c = -1};
	}
}

void coalesce(struct ir *ir, struct liveness *live, struct arena *tmp)
{
	struct merger m = {.ir = ir, .live = live};

	m.name = arena_alloc(tmp, sizeof(int) * (ir->nvregs + 1));
	m.nranges = arena_alloc(tmp, sizeof(unsigned) * (ir->nvregs + 1));
	m.nuses = arena_alloc(tmp, sizeof(unsigned) * (ir->nvregs + 1));
	m.invariant = arena_alloc(tmp, sizeof(bool) * (ir->nvregs + 1));
	count(&m, tmp);
	for (size_t i = 0; i < ir->n; i++)
		if (ir->ins[i].op == INS_MOV)
			merge(&m, ir->ins[i].dst, ir->ins[i].a);
	for (size_t i = 0; i < ir->n; i++) {
		const struct ins *in = &ir->ins[i];
		bool two_address = in->op == INS_ALU || in->op == INS_NEG || in->op == INS_SWAP ||
				   in->op == INS_FRESH;

		if (!two_address || merge(&m, in->dst, in->a))
			continue;
		if (in->op == INS_ALU && in->b >= 0 && op_commutes(in->sub))
			merge(&m, in->dst, in->b);
	}
	rename_all(&m);
}
