/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stack frame: offsets for stack objects and for registers in memory.
 * Two of them share bytes where they are not needed at the same time.
 *
 * An object is needed from its first to its last mention, where what its
 * address flows into counts as a mention as long as it lives, and a mention in
 * a loop counts for the whole loop.  An address that is stored away may turn up
 * anywhere: such an object has its bytes to itself.
 */
#include <errno.h>

#include "base/vec.h"
#include "ir/ir_impl.h"

enum { UNTAINTED = -1, MANY = -2 };

struct lifetime {
	unsigned from, to; /* positions; empty if from >= to */
};

struct framer {
	struct ir *ir;
	struct liveness *live;
	struct arena *tmp;
	struct lifetime *spans; /* of objects */
	int *taint;		/* of registers: the object whose address it may hold */
	bool changed;
	unsigned *loop_from,
		*loop_to;     /* of each instruction: the outermost loop, as instructions */
	struct posset *slots; /* slot k is the 8 bytes at r10 - 8 * (k + 1) */
	unsigned nslots, used;
};

static void need(struct framer *f, int obj, unsigned from, unsigned to)
{
	struct lifetime *s = &f->spans[obj];

	if (s->to == 0)
		s->from = from;
	if (from < s->from)
		s->from = from;
	if (to > s->to)
		s->to = to;
}

static void need_always(struct framer *f, int obj)
{
	need(f, obj, 0, f->live->npositions);
}

static void taint(struct framer *f, int r, int obj)
{
	int now = f->taint[r];

	if (obj == UNTAINTED || now == obj || now == MANY)
		return;
	f->changed = true;
	if (now == UNTAINTED && obj != MANY) {
		f->taint[r] = obj;
		return;
	}
	/* rare: one register, several objects */
	if (now >= 0)
		need_always(f, now);
	if (obj >= 0)
		need_always(f, obj);
	f->taint[r] = MANY;
}

static void note_escape(struct framer *f, int r)
{
	if (r >= 0 && f->taint[r] >= 0)
		need_always(f, f->taint[r]);
}

static void flow_ins(struct framer *f, struct ins *in)
{
	switch (in->op) {
	case INS_STACK_ADDR:
		taint(f, in->dst, in->ref);
		break;
	case INS_MOV:
		taint(f, in->dst, f->taint[in->a]);
		break;
	case INS_ALU:
		taint(f, in->dst, f->taint[in->a]);
		if (in->b >= 0)
			taint(f, in->dst, f->taint[in->b]);
		break;
	case INS_STORE:
	case INS_ATOMIC:
		note_escape(f, in->b);
		break;
	}
}

static void mention_ins(struct framer *f, struct ins *in, unsigned i)
{
	if (((in->op == INS_LOAD || in->op == INS_STORE || in->op == INS_ATOMIC) && in->a < 0) ||
	    in->op == INS_STACK_ADDR)
		need(f, in->ref, 2 * i, 2 * i + 2);
	if (!ins_is_call(in))
		return;
	for (unsigned k = 0; k < in->nargs; k++)
		if (in->args[k].v < 0 && in->args[k].op == INS_STACK_ADDR)
			need(f, in->args[k].ref, 2 * i, 2 * i + 2);
}

/* The outermost loops: backward jumps whose spans overlap are one. */
static void find_loops(struct framer *f)
{
	struct ir *ir = f->ir;
	size_t *at = label_positions(ir, f->tmp);
	unsigned *last = arena_alloc(f->tmp, sizeof(*last) * (ir->n + 1));
	unsigned from = 0, to = 0;

	f->loop_from = arena_alloc(f->tmp, sizeof(unsigned) * (ir->n + 1));
	f->loop_to = arena_alloc(f->tmp, sizeof(unsigned) * (ir->n + 1));
	for (size_t i = 0; i < ir->n; i++)
		if (ins_jumps(&ir->ins[i]) && at[ir->ins[i].ref] <= i)
			last[at[ir->ins[i].ref]] = i;
	for (size_t i = 0; i < ir->n; i++) {
		if (i > to || to == 0)
			from = to = i;
		if (last[i] > to)
			to = last[i];
		f->loop_from[i] = from;
	}
	to = 0;
	for (size_t i = ir->n; i-- > 0;) {
		if (i + 1 == ir->n || f->loop_from[i] != f->loop_from[i + 1])
			to = i;
		f->loop_to[i] = to;
	}
}

static void find_spans(struct framer *f)
{
	struct ir *ir = f->ir;

	for (size_t i = 0; i < ir->n; i++)
		mention_ins(f, &ir->ins[i], i);
	do {
		f->changed = false;
		for (size_t i = 0; i < ir->n; i++)
			flow_ins(f, &ir->ins[i]);
	} while (f->changed);
	for (size_t r = 0; r < ir->nvregs; r++) {
		if (f->taint[r] < 0)
			continue;
		for (const struct range *p = f->live->ranges[r]; p; p = p->next)
			need(f, f->taint[r], p->from, p->to);
	}
	find_loops(f);
	for (size_t o = 0; o < ir->nobjects; o++) {
		struct lifetime *s = &f->spans[o];
		unsigned first = s->from / 2, last = s->to ? (s->to - 1) / 2 : 0;

		if (!s->to)
			continue;
		first = first < ir->n ? f->loop_from[first] : first;
		last = last < ir->n ? f->loop_to[last] : last;
		*s = (struct lifetime){2 * first, 2 * last + 2};
	}
}

/* The lowest n free slots in a row; the number of the last, or -1. */
static int find_slots(struct framer *f, unsigned n, const struct range *ranges)
{
	unsigned run = 0;

	for (unsigned k = 0; k < f->nslots; k++) {
		run = posset_meets_ranges(&f->slots[k], ranges) ? 0 : run + 1;
		if (run < n)
			continue;
		for (unsigned j = k + 1 - n; j <= k; j++)
			posset_add_ranges(&f->slots[j], ranges);
		if (k + 1 > f->used)
			f->used = k + 1;
		return (int)k;
	}
	return -1;
}

static bool place_objects(struct framer *f)
{
	struct ir *ir = f->ir;
	unsigned largest = 0;

	for (size_t o = 0; o < ir->nobjects; o++)
		if (ir->objects[o].size > largest)
			largest = ir->objects[o].size;
	if (largest > 8 * f->nslots)
		largest = 8 * f->nslots + 1;
	/* large ones first; few sizes occur, and none above the frame's */
	for (unsigned slots = (largest + 7) / 8; slots; slots--)
		for (size_t o = 0; o < ir->nobjects; o++) {
			struct range r = {f->spans[o].from, f->spans[o].to, NULL};
			unsigned n = (ir->objects[o].size + 7) / 8;
			int last;

			if ((n < f->nslots + 1 ? n : f->nslots + 1) != slots || !r.to)
				continue;
			last = find_slots(f, n, &r);
			if (last < 0)
				return false;
			ir->objects[o].offset = -8 * (last + 1);
		}
	return true;
}

static bool place_registers(struct framer *f, struct frame *out)
{
	struct ir *ir = f->ir;

	for (size_t r = 0; r < ir->nvregs; r++) {
		int last;

		if (ir->vregs[r].where != IN_MEMORY || !f->live->ranges[r])
			continue;
		last = find_slots(f, 1, f->live->ranges[r]);
		if (last < 0)
			return false;
		out->slot[r] = -8 * (last + 1);
	}
	return true;
}

void frame_layout(struct ir *ir, struct liveness *live, struct arena *tmp, struct stack_limit limit,
		  struct frame *out)
{
	struct framer f = {.ir = ir, .live = live, .tmp = tmp, .nslots = limit.bytes / 8};
	unsigned objects = 0, registers = 0;

	f.spans = arena_alloc(tmp, sizeof(*f.spans) * (ir->nobjects + 1));
	f.taint = arena_alloc(tmp, sizeof(int) * (ir->nvregs + 1));
	f.slots = arena_alloc(tmp, sizeof(*f.slots) * (f.nslots + 1));
	out->slot = arena_alloc(tmp, sizeof(int) * (ir->nvregs + 1));
	for (size_t r = 0; r < ir->nvregs; r++) {
		f.taint[r] = UNTAINTED;
		registers += ir->vregs[r].where == IN_MEMORY && live->ranges[r];
	}
	for (unsigned k = 0; k < f.nslots; k++)
		posset_init(&f.slots[k], live->npositions, tmp);
	find_spans(&f);
	for (size_t o = 0; o < ir->nobjects; o++)
		if (f.spans[o].to)
			objects += ir->objects[o].size;
	if (!place_objects(&f) || !place_registers(&f, out))
		ir_fail(ir, -E2BIG,
			arena_printf(ir->arena,
				     "the program needs more than the %u bytes of stack %s: "
				     "%u bytes of objects and %u values that find no register",
				     limit.bytes, limit.whose, objects, registers));
	out->used = 8 * f.used;
}
