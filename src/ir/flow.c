/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control flow: removes what is never reached, jumps to the next instruction
 * and labels nobody jumps to; a jump to a jump goes to the end of the chain; a
 * branch around a jump becomes the opposite branch.
 */
#include <string.h>

#include "ir/ir_impl.h"

#define MAX_HOPS 64

static bool is_idle(const struct ins *i)
{
	return i->op == INS_LABEL || i->op == INS_COMMENT || i->op == INS_NOP;
}

/* Of each instruction: the first that does something, itself or behind it; n where none does. */
size_t *next_real(const struct ins *ins, size_t n, struct arena *tmp)
{
	size_t *next = arena_alloc(tmp, sizeof(*next) * (n + 1));

	next[n] = n;
	for (size_t i = n; i-- > 0;)
		next[i] = is_idle(&ins[i]) ? next[i + 1] : i;
	return next;
}

static bool thread_jumps(struct ir *ir, const size_t *at, struct arena *tmp)
{
	const size_t *real = next_real(ir->ins, ir->n, tmp);
	bool changed = false;

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];

		for (int hop = 0; ins_jumps(in) && hop < MAX_HOPS; hop++) {
			size_t to = real[at[in->ref]];

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

/*
 * Backwards through the program, with a list of what is left of it behind: a
 * jump to a label before the first real instruction there leads to where
 * execution goes anyway.
 */
struct behind {
	struct ir *ir;
	const size_t *at; /* of labels */
	size_t *next;	  /* of real instructions: the real one behind */
	size_t real;	  /* the first real one */
	size_t first;	  /* the first one, labels included */
};

static bool drop_useless_jump(struct behind *b, size_t i)
{
	struct ins *in = &b->ir->ins[i], *next = &b->ir->ins[b->first];
	enum ir_cond inverse;
	size_t to = b->at[in->ref];

	if (to > i && to < b->real) {
		remove_ins(in);
		return true;
	}
	if (in->op != INS_BRANCH || b->first >= b->ir->n || next->op != INS_JUMP || to < b->first ||
	    to >= b->next[b->first] || !ir_cond_invert(in->sub, &inverse))
		return false;
	in->sub = inverse;
	in->ref = next->ref;
	remove_ins(next);
	b->real = b->next[b->first];
	return true;
}

static bool remove_useless_jumps(struct ir *ir, const size_t *at, struct arena *tmp)
{
	struct behind b = {.ir = ir, .at = at, .real = ir->n, .first = ir->n};
	bool changed = false;

	b.next = arena_alloc(tmp, sizeof(*b.next) * (ir->n + 1));
	for (size_t i = ir->n; i-- > 0;) {
		struct ins *in = &ir->ins[i];

		if (ins_jumps(in))
			changed |= drop_useless_jump(&b, i);
		if (!is_idle(in)) {
			b.next[i] = b.real;
			b.real = i;
		}
		if (in->op != INS_COMMENT && in->op != INS_NOP)
			b.first = i;
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
	bool changed = thread_jumps(ir, at, tmp);

	changed |= remove_unreached(ir, at, tmp);
	changed |= remove_useless_jumps(ir, at, tmp);
	ins_compact(ir);
	arena_free(tmp);
	return changed;
}
