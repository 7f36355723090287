/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Liveness: for each register the ranges of positions at which its value is
 * still needed.
 *
 * Only registers read in a block before that block writes them cross blocks.
 * For these, 64 at a time, a walk backwards from their reads to their writes
 * finds the blocks they are live through; what it leaves is where, in the order
 * of the blocks, each begins and ceases to be live.  So a register that lives
 * through all of a long program costs no more than a bit in each block.  A last
 * sweep over the blocks, backwards, makes the ranges and deletes operations
 * whose result is not needed.
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
	VEC(struct pair) begins; /* live at the end of the block, not at the start of the next */
	VEC(struct pair)
	ceases;		/* live at the start of the block, not at the end of the one before */
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

/* 64 registers on their walk: a bit for each, in words for each block. */
struct backwalk {
	struct graph *g;
	int regs[64];
	unsigned nregs;
	unsigned *read_at, *read_from, *write_at, *write_from; /* rows by register */
	uint64_t *read, *write, *in, *out;
	bool *waits;		/* the block's `in` is to be computed */
	unsigned nwaiting, top; /* none above waits */
	bool *touched;
	unsigned *touched_list, ntouched;
};

static void touch(struct backwalk *w, unsigned b)
{
	if (w->touched[b])
		return;
	w->touched[b] = true;
	w->touched_list[w->ntouched++] = b;
}

static void wait_for(struct backwalk *w, unsigned b)
{
	touch(w, b);
	if (w->waits[b])
		return;
	w->waits[b] = true;
	w->nwaiting++;
	if (b > w->top)
		w->top = b;
}

static void start_walk(struct backwalk *w)
{
	for (unsigned i = 0; i < w->nregs; i++) {
		int r = w->regs[i];

		for (unsigned k = w->write_from[r]; k < w->write_from[r + 1]; k++)
			w->write[w->write_at[k]] |= 1ull << i;
		for (unsigned k = w->read_from[r]; k < w->read_from[r + 1]; k++) {
			w->read[w->read_at[k]] |= 1ull << i;
			wait_for(w, w->read_at[k]);
		}
	}
}

static void walk_block(struct backwalk *w, unsigned b)
{
	const struct graph *g = w->g;
	uint64_t in = w->read[b] | (w->out[b] & ~w->write[b]);

	w->waits[b] = false;
	w->nwaiting--;
	w->in[b] = in;
	for (unsigned k = g->pred_from[b]; k < g->pred_from[b + 1]; k++) {
		unsigned p = g->pred[k];

		if (!(in & ~w->out[p]))
			continue;
		touch(w, p);
		w->out[p] |= in;
		if (in & ~w->write[p] & ~w->in[p])
			wait_for(w, p);
	}
}

static void note(struct backwalk *w, unsigned b, uint64_t begins, uint64_t ceases)
{
	for (; begins; begins &= begins - 1)
		vec_push(&w->g->begins, (struct pair){b, w->regs[__builtin_ctzll(begins)]});
	for (; ceases; ceases &= ceases - 1)
		vec_push(&w->g->ceases, (struct pair){b, w->regs[__builtin_ctzll(ceases)]});
}

/* Writes down what was found, and leaves the words at 0 for the next 64. */
static void end_walk(struct backwalk *w)
{
	for (unsigned k = 0; k < w->ntouched; k++) {
		unsigned b = w->touched_list[k];

		note(w, b, w->out[b] & ~w->in[b + 1], w->in[b] & ~(b ? w->out[b - 1] : 0));
	}
	for (uint64_t unset = w->in[0]; unset; unset &= unset - 1)
		vec_push(&w->g->unset, w->regs[__builtin_ctzll(unset)]);
	for (unsigned k = 0; k < w->ntouched; k++) {
		unsigned b = w->touched_list[k];

		w->read[b] = w->in[b] = w->out[b] = 0;
		w->touched[b] = false;
	}
	for (unsigned i = 0; i < w->nregs; i++)
		for (unsigned k = w->write_from[w->regs[i]]; k < w->write_from[w->regs[i] + 1]; k++)
			w->write[w->write_at[k]] = 0;
	w->ntouched = w->nregs = w->top = 0;
}

static void walk_back(struct backwalk *w)
{
	start_walk(w);
	while (w->nwaiting) {
		unsigned b = w->top;

		if (w->waits[b])
			walk_block(w, b);
		else
			w->top--;
	}
	end_walk(w);
}

static void walk_all(struct graph *g)
{
	size_t nvregs = g->ir->nvregs, words = g->nblocks + 1;
	struct backwalk w = {.g = g};

	w.read_at = rows(g->reads.at, g->reads.n, nvregs, true, &w.read_from, g->tmp);
	w.write_at = rows(g->writes.at, g->writes.n, nvregs, true, &w.write_from, g->tmp);
	w.read = arena_alloc(g->tmp, sizeof(*w.read) * words);
	w.write = arena_alloc(g->tmp, sizeof(*w.write) * words);
	w.in = arena_alloc(g->tmp, sizeof(*w.in) * words);
	w.out = arena_alloc(g->tmp, sizeof(*w.out) * words);
	w.waits = arena_alloc(g->tmp, words);
	w.touched = arena_alloc(g->tmp, words);
	w.touched_list = arena_alloc(g->tmp, sizeof(*w.touched_list) * words);
	for (size_t r = 0; r < nvregs; r++) {
		if (w.read_from[r] == w.read_from[r + 1])
			continue;
		w.regs[w.nregs++] = (int)r;
		if (w.nregs == 64)
			walk_back(&w);
	}
	if (w.nregs)
		walk_back(&w);
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
	bool deleted, may_delete;
	size_t nreads; /* of g->reads, those of blocks not yet swept */
};

static void open_range(struct sweep *s, int r, unsigned end)
{
	if (!s->end[r])
		s->end[r] = end;
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

/* What was read in the block is live before it in this sweep, even if the reader was deleted. */
static void open_reads(struct sweep *s, unsigned b)
{
	const struct graph *g = s->g;

	while (s->nreads && g->reads.at[s->nreads - 1].block == (int)b)
		open_range(s, g->reads.at[--s->nreads].reg, 2 * g->start[b]);
}

static bool sweep(struct graph *g, struct liveness *live, bool may_delete)
{
	struct sweep s = {.g = g, .live = live, .may_delete = may_delete, .nreads = g->reads.n};
	unsigned *begin_from, *cease_from;
	unsigned *begin = rows(g->begins.at, g->begins.n, g->nblocks, false, &begin_from, g->tmp);
	unsigned *cease = rows(g->ceases.at, g->ceases.n, g->nblocks, false, &cease_from, g->tmp);

	s.end = arena_alloc(g->tmp, sizeof(*s.end) * (g->ir->nvregs + 1));
	live->ranges = arena_alloc(g->tmp, sizeof(*live->ranges) * (g->ir->nvregs + 1));
	live->npositions = 2 * g->ir->n + 2;
	for (unsigned b = g->nblocks; b-- > 0;) {
		for (unsigned k = begin_from[b]; k < begin_from[b + 1]; k++)
			open_range(&s, begin[k], 2 * g->start[b + 1]);
		for (size_t i = g->start[b + 1]; i-- > g->start[b];)
			sweep_ins(&s, i);
		open_reads(&s, b);
		for (unsigned k = cease_from[b]; k < cease_from[b + 1]; k++) {
			add_range(live, cease[k], 2 * g->start[b], s.end[cease[k]], g->tmp);
			s.end[cease[k]] = 0;
		}
	}
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
		walk_all(&g);
		again = g.unset.n > 0;
		if (again)
			set_unset(&g);
		else
			again = sweep(&g, live, round < 4);
		vec_free(&g.reads);
		vec_free(&g.writes);
		vec_free(&g.begins);
		vec_free(&g.ceases);
		vec_free(&g.unset);
	}
}
