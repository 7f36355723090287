/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control flow: removes what is never reached, jumps to the next instruction
 * and labels nobody jumps to; a jump to a jump goes to the end of the chain; a
 * branch around a jump becomes the opposite branch.
 */
#include <string.h>

#include "ir/ir_impl.h"

#define MAX_HOPS 64

static size_t skip_idle(const struct ir *ir, size_t i)
{
	while (i < ir->n && (ir->ins[i].op == INS_LABEL || ir->ins[i].op == INS_COMMENT ||
			     ir->ins[i].op == INS_NOP))
		i++;
	return i;
}

static bool thread_jumps(struct ir *ir, const size_t *at)
{
	bool changed = false;

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];

		for (int hop = 0; ins_jumps(in) && hop < MAX_HOPS; hop++) {
			size_t to = skip_idle(ir, at[in->ref]);

			if (to >= ir->n || ir->ins[to].op != INS_JUMP || ir->ins[to].ref == in->ref)
				break;
			in->ref = ir->ins[to].ref;
			changed = true;
		}
	}
	return changed;
}

static void remove_ins(struct ins *i)
{
	*i = (struct ins){.op = INS_NOP, .dst = -1, .a = -1, .b = -1, .c = -1};
}

/* Whether label l stands among the idle instructions right behind i. */
static bool leads_to_next(const struct ir *ir, size_t i, int l)
{
	for (i++; i < ir->n; i++) {
		const struct ins *in = &ir->ins[i];

		if (in->op == INS_LABEL && in->ref == l)
			return true;
		if (in->op != INS_LABEL && in->op != INS_COMMENT && in->op != INS_NOP)
			return false;
	}
	return false;
}

static bool remove_useless_jumps(struct ir *ir)
{
	bool changed = false;

	for (size_t i = ir->n; i-- > 0;) {
		struct ins *in = &ir->ins[i], *next;
		enum ir_cond inverse;
		size_t k = i + 1;

		if (!ins_jumps(in))
			continue;
		if (leads_to_next(ir, i, in->ref)) {
			remove_ins(in);
			changed = true;
			continue;
		}
		while (k < ir->n && (ir->ins[k].op == INS_COMMENT || ir->ins[k].op == INS_NOP))
			k++;
		next = &ir->ins[k];
		if (in->op != INS_BRANCH || k >= ir->n || next->op != INS_JUMP ||
		    !leads_to_next(ir, k, in->ref) || !cond_invert(in->sub, &inverse))
			continue;
		in->sub = inverse;
		in->ref = next->ref;
		remove_ins(next);
		changed = true;
	}
	return changed;
}

static bool remove_unreached(struct ir *ir, const size_t *at, struct arena *tmp)
{
	bool *seen = arena_alloc(tmp, ir->n + 1), *wanted = arena_alloc(tmp, ir->nlabels + 1);
	size_t *todo = arena_alloc(tmp, sizeof(*todo) * (ir->nlabels + 2));
	size_t n = 0;
	bool changed = false;

	todo[n++] = 0;
	while (n) {
		for (size_t i = todo[--n]; i < ir->n && !seen[i]; i++) {
			const struct ins *in = &ir->ins[i];

			seen[i] = true;
			if (ins_jumps(in) && !wanted[in->ref]) {
				wanted[in->ref] = true;
				todo[n++] = at[in->ref];
			}
			if (ins_ends_flow(in))
				break;
		}
	}
	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];

		if (seen[i] && !(in->op == INS_LABEL && !wanted[in->ref]))
			continue;
		changed |= in->op != INS_NOP && in->op != INS_COMMENT && in->op != INS_LABEL;
		remove_ins(in);
	}
	return changed;
}

bool clean_flow(struct ir *ir)
{
	struct arena *tmp = arena_new();
	size_t *at = label_positions(ir, tmp);
	bool changed = thread_jumps(ir, at);

	changed |= remove_unreached(ir, at, tmp);
	changed |= remove_useless_jumps(ir);
	ins_compact(ir);
	arena_free(tmp);
	return changed;
}
