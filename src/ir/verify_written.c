/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of the check of the IR that follows paths: which register may be
 * read before anything was written to it.
 *
 * Forwards, and 64 registers at a time: a register is unset at the start, and
 * behind a block if it was before it and the block does not write it.  Only
 * those matter that a block reads before it writes them.
 */
#include <string.h>

#include "ir/ir_impl.h"

/* Operations times 64 registers: larger programs, which only tests of speed have, go unchecked. */
#define MAX_WORK 20000000

/* A bit for each of 64 registers. */
struct written_block {
	size_t start, end; /* operations */
	uint64_t read;	   /* before it was written in the block */
	uint64_t written;
	uint64_t unset; /* at the start, on some path */
};

struct written {
	struct ir *ir;
	const size_t *label_at;
	struct written_block *blocks;
	size_t nblocks;
	unsigned *block_of; /* each operation */
	int *bit;	    /* of each register in the present 64, or -1 */
};

static void find_blocks(struct written *w)
{
	struct ir *ir = w->ir;
	bool leader = true;

	w->blocks = arena_alloc(ir->tmp, sizeof(*w->blocks) * (ir->n + 1));
	w->block_of = arena_alloc(ir->tmp, sizeof(*w->block_of) * (ir->n + 1));
	for (size_t i = 0; i < ir->n; i++) {
		const struct ins *in = &ir->ins[i];

		if (leader || in->op == INS_LABEL)
			w->blocks[w->nblocks++].start = i;
		w->blocks[w->nblocks - 1].end = i + 1;
		w->block_of[i] = w->nblocks - 1;
		leader = ins_jumps(in) || ins_ends_flow(in);
	}
}

/* The registers that some block reads before it writes them, in a row; returns how many. */
static size_t find_exposed(struct written *w, int *exposed)
{
	struct ir *ir = w->ir;
	size_t *seen = arena_alloc(ir->tmp, sizeof(*seen) * (ir->nvregs + 1)), n = 0;
	bool *listed = arena_alloc(ir->tmp, ir->nvregs + 1);
	struct use use[8];

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		size_t stamp = w->block_of[i] + 1;

		for (unsigned k = ins_uses(in, use); k-- > 0;) {
			int r = *use[k].reg;

			if (seen[r] == stamp || listed[r])
				continue;
			listed[r] = true;
			exposed[n++] = r;
		}
		if (in->dst >= 0)
			seen[in->dst] = stamp;
	}
	return n;
}

/* True if that was news. */
static bool flow_to(struct written_block *to, uint64_t unset)
{
	bool news = unset & ~to->unset;

	to->unset |= unset;
	return news;
}

/* What a jump back brings may be news to blocks above, so rounds go on until there is none. */
static void follow(struct written *w)
{
	bool news = true;

	w->blocks[0].unset = ~0ull;
	while (news) {
		news = false;
		for (size_t b = 0; b < w->nblocks; b++) {
			const struct written_block *from = &w->blocks[b];
			const struct ins *last = &w->ir->ins[from->end - 1];
			uint64_t unset = from->unset & ~from->written;

			if (!ins_ends_flow(last) && b + 1 < w->nblocks)
				flow_to(&w->blocks[b + 1], unset);
			if (ins_jumps(last)) {
				size_t to = w->block_of[w->label_at[last->ref] - 1];
				bool is_back = to <= b;

				news |= flow_to(&w->blocks[to], unset) && is_back;
			}
		}
	}
}

static void survey(struct written *w)
{
	struct use use[8];

	for (size_t b = 0; b < w->nblocks; b++) {
		struct written_block *block = &w->blocks[b];

		block->read = block->written = block->unset = 0;
		for (size_t i = block->start; i < block->end; i++) {
			struct ins *in = &w->ir->ins[i];

			for (unsigned k = ins_uses(in, use); k-- > 0;)
				if (w->bit[*use[k].reg] >= 0)
					block->read |=
						1ull << w->bit[*use[k].reg] & ~block->written;
			if (in->dst >= 0 && w->bit[in->dst] >= 0)
				block->written |= 1ull << w->bit[in->dst];
		}
	}
}

static const char *check_64(struct written *w, const int *regs, size_t n)
{
	const char *why = NULL;

	for (size_t k = 0; k < n; k++)
		w->bit[regs[k]] = (int)k;
	survey(w);
	follow(w);
	for (size_t b = 0; b < w->nblocks && !why; b++) {
		uint64_t wrong = w->blocks[b].read & w->blocks[b].unset;

		if (wrong)
			why = arena_printf(w->ir->arena,
					   "register %d is read in operations %zu to %zu, and not "
					   "written on some path there",
					   regs[__builtin_ctzll(wrong)], w->blocks[b].start,
					   w->blocks[b].end - 1);
	}
	for (size_t k = 0; k < n; k++)
		w->bit[regs[k]] = -1;
	return why;
}

const char *verify_written(struct ir *ir, const size_t *label_at)
{
	struct written w = {.ir = ir, .label_at = label_at};
	int *exposed = arena_alloc(ir->tmp, sizeof(*exposed) * (ir->nvregs + 1));
	const char *why = NULL;
	size_t n;

	find_blocks(&w);
	w.bit = arena_alloc(ir->tmp, sizeof(*w.bit) * (ir->nvregs + 1));
	memset(w.bit, -1, sizeof(*w.bit) * (ir->nvregs + 1));
	n = find_exposed(&w, exposed);
	if (n / 64 * ir->n > MAX_WORK)
		return NULL;
	for (size_t k = 0; k < n && !why; k += 64)
		why = check_64(&w, exposed + k, n - k < 64 ? n - k : 64);
	return why;
}
