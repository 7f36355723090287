/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dead code: what is needed is what has an effect, and what writes a register
 * that something needed reads.  The rest goes, also when it feeds itself round
 * a loop.
 */
#include <string.h>

#include "ir/ir_impl.h"

struct marker {
	struct ir *ir;
	unsigned *from, *write; /* write[from[r]] up to write[from[r + 1]]: who writes r */
	bool *needed;		/* registers */
	int *todo;
	size_t ntodo;
};

static void find_writes(struct marker *m, struct arena *tmp)
{
	struct ir *ir = m->ir;

	m->from = arena_alloc(tmp, sizeof(*m->from) * (ir->nvregs + 2));
	m->write = arena_alloc(tmp, sizeof(*m->write) * (ir->n + 1));
	for (size_t i = 0; i < ir->n; i++)
		if (ir->ins[i].dst >= 0)
			m->from[ir->ins[i].dst]++;
	for (size_t r = 1; r <= ir->nvregs; r++)
		m->from[r] += m->from[r - 1];
	/* from[r] is the end of row r now; filling from the end moves it to the start */
	for (size_t i = ir->n; i-- > 0;)
		if (ir->ins[i].dst >= 0)
			m->write[--m->from[ir->ins[i].dst]] = i;
}

static void need_uses(struct marker *m, struct ins *in)
{
	struct use use[8];
	unsigned n = ins_uses(in, use);

	for (unsigned k = 0; k < n; k++) {
		int r = *use[k].reg;

		if (m->needed[r])
			continue;
		m->needed[r] = true;
		m->todo[m->ntodo++] = r;
	}
}

bool remove_dead(struct ir *ir)
{
	struct arena *tmp = arena_new();
	struct marker m = {.ir = ir};
	bool changed = false;

	find_writes(&m, tmp);
	m.needed = arena_alloc(tmp, ir->nvregs + 1);
	m.todo = arena_alloc(tmp, sizeof(int) * (ir->nvregs + 1));
	for (size_t i = 0; i < ir->n; i++)
		if (!ins_pure(&ir->ins[i]))
			need_uses(&m, &ir->ins[i]);
	while (m.ntodo) {
		int r = m.todo[--m.ntodo];

		for (unsigned k = m.from[r]; k < m.from[r + 1]; k++)
			need_uses(&m, &ir->ins[m.write[k]]);
	}
	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];

		if (in->dst < 0 || m.needed[in->dst])
			continue;
		changed = true;
		if (ins_pure(in))
			in->op = INS_NOP;
		in->dst = -1;
	}
	ins_compact(ir);
	arena_free(tmp);
	return changed;
}
