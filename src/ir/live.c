/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Liveness: for each register the ranges of positions at which its value is
 * still needed.
 *
 * Only registers read in a block before that block writes them cross blocks.
 * For each of those, one walk backwards from its reads to its writes finds the
 * blocks it is live through, so the cost is the size of the answer and not
 * registers times blocks.  A last sweep over each block, backwards, makes the
 * ranges and deletes operations whose result is not needed there.
 *
 * The verifier refuses a read of a register that some path leaves unset; what
 * is live at the entry is therefore set to 0 there.
 */
#include <string.h>

#include "base/vec.h"
#include "ir/ir_impl.h"

struct pair {
	int block, reg;
};

struct graph {
	struct ir *ir;
	struct arena *tmp;
	unsigned nblocks;
	size_t *start;	     /* nblocks + 1 */
	unsigned *pred_from; /* preds of block b: pred[pred_from[b]] up to pred_from[b + 1] */
	unsigned *pred;
	VEC(struct pair) reads; /* read in the block before written there */
	VEC(struct pair) writes;
	VEC(struct pair) live_out;
	VEC(int) unset; /* live at entry */
};

/* Sorts pairs by key into rows: row k is at[from[k]] up to at[from[k + 1]]. */
static unsigned *rows(const struct pair *pairs, size_t n, size_t nkeys, bool by_reg,
		      unsigned **from, struct arena *tmp)
{
	unsigned *at = arena_alloc(tmp, sizeof(*at) * (n + 1));
	unsigned *f = arena_alloc(tmp, sizeof(*f) * (nkeys + 2));

	for (size_t i = 0; i < n; i++)
		f[(by_reg ? pairs[i].reg : pairs[i].block) + 2]++;
	for (size_t k = 2; k <= nkeys + 1; k++)
		f[k] += f[k - 1];
	for (size_t i = 0; i < n; i++) {
		int key = by_reg ? pairs[i].reg : pairs[i].block;

		at[f[key + 1]++] = by_reg ? pairs[i].block : pairs[i].reg;
	}
	*from = f;
	return at;
}

static void find_blocks(struct graph *g)
{
	struct ir *ir = g->ir;
	unsigned *label_block = arena_alloc(g->tmp, sizeof(unsigned) * (ir->nlabels + 1));
	VEC(struct pair) edges = {0};
	bool leader = true;

	g->start = arena_alloc(g->tmp, sizeof(*g->start) * (ir->n + 2));
	for (size_t i = 0; i < ir->n; i++) {
		const struct ins *in = &ir->ins[i];

		if (leader || in->op == INS_LABEL)
			g->start[g->nblocks++] = i;
		if (in->op == INS_LABEL)
			label_block[in->ref] = g->nblocks - 1;
		leader = ins_jumps(in) || ins_ends_flow(in);
	}
	g->start[g->nblocks] = ir->n;
	for (unsigned b = 0; b < g->nblocks; b++) {
		const struct ins *last = &ir->ins[g->start[b + 1] - 1];

		/* as pairs: the successor is the key, the block itself the value */
		if (ins_jumps(last))
			vec_push(&edges, (struct pair){label_block[last->ref], b});
		if (!ins_ends_flow(last) && b + 1 < g->nblocks)
			vec_push(&edges, (struct pair){b + 1, b});
	}
	g->pred = rows(edges.at, edges.n, g->nblocks, false, &g->pred_from, g->tmp);
	vec_free(&edges);
}

static void find_mentions(struct graph *g)
{
	struct ir *ir = g->ir;
	int *read_in = arena_alloc(g->tmp, sizeof(int) * (ir->nvregs + 1));
	int *written_in = arena_alloc(g->tmp, sizeof(int) * (ir->nvregs + 1));
	struct use use[8];

	for (unsigned b = 0; b < g->nblocks; b++) {
		int stamp = (int)b + 1;

		for (size_t i = g->start[b]; i < g->start[b + 1]; i++) {
			struct ins *in = &ir->ins[i];
			unsigned n = ins_uses(in, use);

			for (unsigned k = 0; k < n; k++) {
				int r = *use[k].reg;

				if (written_in[r] == stamp || read_in[r] == stamp)
					continue;
				read_in[r] = stamp;
				vec_push(&g->reads, (struct pair){b, r});
			}
			if (in->dst >= 0 && written_in[in->dst] != stamp) {
				written_in[in->dst] = stamp;
				vec_push(&g->writes, (struct pair){b, in->dst});
			}
		}
	}
}

static void walk_back(struct graph *g)
{
	size_t nvregs = g->ir->nvregs;
	unsigned *read_from, *write_from;
	unsigned *read = rows(g->reads.at, g->reads.n, nvregs, true, &read_from, g->tmp);
	unsigned *write = rows(g->writes.at, g->writes.n, nvregs, true, &write_from, g->tmp);
	int *stops = arena_alloc(g->tmp, sizeof(int) * (g->nblocks + 1));
	int *out = arena_alloc(g->tmp, sizeof(int) * (g->nblocks + 1));
	int *in = arena_alloc(g->tmp, sizeof(int) * (g->nblocks + 1));
	unsigned *todo = arena_alloc(g->tmp, sizeof(*todo) * (g->nblocks + 1));

	for (size_t r = 0; r < nvregs; r++) {
		int stamp = (int)r + 1;
		unsigned n = 0;

		for (unsigned k = write_from[r]; k < write_from[r + 1]; k++)
			stops[write[k]] = stamp;
		for (unsigned k = read_from[r]; k < read_from[r + 1]; k++) {
			in[read[k]] = stamp;
			todo[n++] = read[k];
		}
		while (n) {
			unsigned b = todo[--n];

			if (b == 0)
				vec_push(&g->unset, (int)r);
			for (unsigned k = g->pred_from[b]; k < g->pred_from[b + 1]; k++) {
				unsigned p = g->pred[k];

				if (out[p] == stamp)
					continue;
				out[p] = stamp;
				vec_push(&g->live_out, (struct pair){p, (int)r});
				if (stops[p] == stamp || in[p] == stamp)
					continue;
				in[p] = stamp;
				todo[n++] = p;
			}
		}
	}
}

unsigned ins_def_position(const struct ins *i, size_t at)
{
	bool after = ins_is_call(i) || (i->op == INS_ATOMIC && i->sub == IR_ATOMIC_CMPXCHG);

	return 2 * at + (after ? 2 : 1);
}

static void add_range(struct liveness *live, int r, unsigned from, unsigned to, struct arena *tmp)
{
	struct range *first = live->ranges[r], *new;

	if (from >= to)
		return;
	if (first && first->from <= to) {
		if (from < first->from)
			first->from = from;
		return;
	}
	new = ARENA_NEW(tmp, struct range);
	*new = (struct range){from, to, first};
	live->ranges[r] = new;
}

struct sweep {
	struct graph *g;
	struct liveness *live;
	unsigned *end; /* of the open range of each register; 0: none */
	unsigned *opened;
	unsigned nopened;
	bool deleted, may_delete;
};

static void open_range(struct sweep *s, int r, unsigned end)
{
	if (s->end[r])
		return;
	s->end[r] = end;
	s->opened[s->nopened++] = r;
}

static void sweep_ins(struct sweep *s, size_t at)
{
	struct ins *in = &s->g->ir->ins[at];
	struct use use[8];
	unsigned n;

	if (in->dst >= 0) {
		unsigned def = ins_def_position(in, at), end = s->end[in->dst];

		if (!end && ins_pure(in) && s->may_delete) {
			in->op = INS_NOP;
			in->dst = -1;
			s->deleted = true;
			return;
		}
		if (!end && ins_is_call(in))
			in->dst = -1;
		else
			add_range(s->live, in->dst, def, end ? end : def + 1, s->g->tmp);
		if (in->dst >= 0)
			s->end[in->dst] = 0;
	}
	n = ins_uses(in, use);
	/* late reads first: they make the longer range */
	for (unsigned k = 0; k < n; k++)
		if (use[k].late)
			open_range(s, *use[k].reg, 2 * at + 2);
	for (unsigned k = 0; k < n; k++)
		open_range(s, *use[k].reg, 2 * at + 1);
}

/* Every open register of a block was noted once or more in opened[], which is as long as needed. */
static void sweep_block(struct sweep *s, unsigned b, const unsigned *out, unsigned nout)
{
	struct graph *g = s->g;
	unsigned from = 2 * g->start[b];
	size_t mentions = nout + 8 * (g->start[b + 1] - g->start[b]);

	s->opened = arena_alloc(g->tmp, sizeof(*s->opened) * (mentions + 1));
	s->nopened = 0;
	for (unsigned k = 0; k < nout; k++)
		open_range(s, out[k], 2 * g->start[b + 1]);
	for (size_t i = g->start[b + 1]; i-- > g->start[b];)
		sweep_ins(s, i);
	for (unsigned k = 0; k < s->nopened; k++) {
		unsigned r = s->opened[k];

		if (s->end[r])
			add_range(s->live, r, from, s->end[r], g->tmp);
		s->end[r] = 0;
	}
}

static bool sweep(struct graph *g, struct liveness *live, bool may_delete)
{
	struct sweep s = {.g = g, .live = live, .may_delete = may_delete};
	unsigned *from;
	unsigned *out = rows(g->live_out.at, g->live_out.n, g->nblocks, false, &from, g->tmp);

	s.end = arena_alloc(g->tmp, sizeof(*s.end) * (g->ir->nvregs + 1));
	live->ranges = arena_alloc(g->tmp, sizeof(*live->ranges) * (g->ir->nvregs + 1));
	live->npositions = 2 * g->ir->n + 2;
	for (unsigned b = g->nblocks; b-- > 0;)
		sweep_block(&s, b, out + from[b], from[b + 1] - from[b]);
	return s.deleted;
}

static void set_unset(struct graph *g)
{
	struct ir *ir = g->ir;
	size_t i = 0;

	ins_begin(ir);
	while (i < ir->old_n && (ir->old[i].op == INS_ENTRY || ir->old[i].op == INS_COMMENT))
		ins_push(ir, ir->old[i++]);
	for (size_t k = 0; k < g->unset.n; k++)
		ir_const(ir, g->unset.at[k], 0);
	while (i < ir->old_n)
		ins_push(ir, ir->old[i++]);
}

void live_compute(struct ir *ir, struct liveness *live, struct arena *tmp)
{
	bool again = true;

	for (int round = 0; again; round++) {
		struct graph g = {.ir = ir, .tmp = tmp};

		ins_compact(ir);
		find_blocks(&g);
		find_mentions(&g);
		walk_back(&g);
		again = g.unset.n > 0;
		if (again)
			set_unset(&g);
		else
			again = sweep(&g, live, round < 4);
		vec_free(&g.reads);
		vec_free(&g.writes);
		vec_free(&g.live_out);
		vec_free(&g.unset);
	}
}
