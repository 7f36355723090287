/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Splitting: a register used again for something else becomes several.  Each
 * range that begins with a write and ends within the same block stands alone,
 * and gets a register of its own; the passes that follow then see values
 * written once, and the allocator is not bound to one place for all of them.
 */
#include <string.h>

#include "ir/ir_impl.h"

struct splitter {
	struct ir *ir;
	struct liveness *live;
	unsigned *block_end;   /* of each instruction, as an instruction */
	struct range **cursor; /* of each register: where the scan is */
	int **name;	       /* of each register: of its ranges, 0 for the old one */
	unsigned *at;	       /* of each register: number of the range under the cursor */
};

static void find_block_ends(struct splitter *s, struct arena *tmp)
{
	const struct ir *ir = s->ir;
	unsigned end = ir->n;

	s->block_end = arena_alloc(tmp, sizeof(*s->block_end) * (ir->n + 1));
	for (size_t i = ir->n; i-- > 0;) {
		if (ins_jumps(&ir->ins[i]) || ins_ends_flow(&ir->ins[i]))
			end = i + 1;
		s->block_end[i] = end;
		if (ir->ins[i].op == INS_LABEL)
			end = i;
	}
}

/* Whether a write of r at instruction i begins the range. */
static bool begins(const struct splitter *s, int r, size_t i, const struct range *range)
{
	const struct ins *in = &s->ir->ins[i];

	return in->dst == r && ins_def_position(in, i) == range->from;
}

static bool stands_alone(const struct splitter *s, int r, const struct range *range)
{
	size_t i = (range->from - 1) / 2; /* odd: a write; even: behind a call */

	if (range->from == 0 || i >= s->ir->n || !begins(s, r, i, range))
		return false;
	return range->to < 2 * s->block_end[i];
}

/* Moves the cursor of r to the range that holds a position; the name to use there. */
static int name_at(struct splitter *s, int r, unsigned position)
{
	if (!s->name[r])
		return r;
	while (s->cursor[r] && s->cursor[r]->to <= position) {
		s->cursor[r] = s->cursor[r]->next;
		s->at[r]++;
	}
	if (!s->cursor[r] || s->cursor[r]->from > position)
		return r;
	return s->name[r][s->at[r]] ? s->name[r][s->at[r]] : r;
}

static bool name_ranges(struct splitter *s, struct arena *tmp)
{
	size_t n = s->ir->nvregs;
	bool any = false;

	for (size_t r = 1; r < n; r++) {
		const struct range *first = s->live->ranges[r];
		unsigned count = 0, alone = 0, k = 0;

		for (const struct range *p = first; p; p = p->next) {
			count++;
			alone += stands_alone(s, r, p);
		}
		if (count < 2 || !alone || s->ir->vregs[r].where != IN_REG)
			continue;
		any = true;
		s->name[r] = arena_alloc(tmp, sizeof(int) * count);
		for (const struct range *p = first; p; p = p->next, k++)
			if (stands_alone(s, r, p))
				s->name[r][k] = ir_reg(s->ir);
	}
	return any;
}

static void rename_all(struct splitter *s)
{
	struct ir *ir = s->ir;
	struct use use[8];

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		unsigned n = ins_uses(in, use);

		for (unsigned k = 0; k < n; k++)
			*use[k].reg = name_at(s, *use[k].reg, 2 * i);
		if (in->dst >= 0)
			in->dst = name_at(s, in->dst, ins_def_position(in, i));
	}
}

/* The live ranges are void afterwards. */
void split_ranges(struct ir *ir, struct liveness *live, struct arena *tmp)
{
	struct splitter s = {.ir = ir, .live = live};
	size_t n = ir->nvregs + 1;

	find_block_ends(&s, tmp);
	s.name = arena_alloc(tmp, sizeof(*s.name) * n);
	s.at = arena_alloc(tmp, sizeof(*s.at) * n);
	s.cursor = arena_alloc(tmp, sizeof(*s.cursor) * n);
	memcpy(s.cursor, live->ranges, sizeof(*s.cursor) * (n - 1));
	if (name_ranges(&s, tmp))
		rename_all(&s);
}
