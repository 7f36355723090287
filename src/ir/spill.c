/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spilling: gives the victims of the allocator a home outside the machine
 * registers and rewrites their accesses.
 *
 * A whole register's home is a stack slot, or, when all that is ever written to
 * it is one value that can be made anew (a constant, an address, a map),
 * nothing: it is made again where needed.  In both cases it is accessed through
 * parts: registers that are valid from one access up to the next call or
 * label.  A part that finds no machine register either is cut into atoms that
 * span one instruction.
 *
 * A home in memory appears only as one side of a move or as an argument of a call.
 */
#include "ir/ir_impl.h"

struct spiller {
	struct ir *ir;
	const bool *victim;
	int *part;	 /* of each home: the part valid now */
	unsigned *valid; /* and the stretch of code it is valid in */
	unsigned stretch;
	size_t nold; /* registers before any were added here */
};

static bool is_victim(const struct spiller *s, int r)
{
	return r >= 0 && (size_t)r < s->nold && s->victim[r];
}

static const struct arg *made_by(struct ir *ir, const struct ins *in)
{
	struct arg *made = ARENA_NEW(ir->tmp, struct arg);

	*made = (struct arg){-1, in->op, in->ref, in->off, in->imm};
	return made;
}

static void settle_homes(struct spiller *s, struct arena *tmp)
{
	struct ir *ir = s->ir;
	unsigned *writes = arena_alloc(tmp, sizeof(*writes) * (ir->nvregs + 1));
	struct ins **write = arena_alloc(tmp, sizeof(*write) * (ir->nvregs + 1));

	for (size_t i = 0; i < ir->n; i++)
		if (ir->ins[i].dst >= 0) {
			writes[ir->ins[i].dst]++;
			write[ir->ins[i].dst] = &ir->ins[i];
		}
	for (size_t r = 0; r < ir->nvregs; r++) {
		struct vreg *v = &ir->vregs[r];

		if (!s->victim[r] || v->level != LEVEL_WHOLE)
			continue;
		v->where = IN_MEMORY;
		if (writes[r] == 1 && op_is_invariant(write[r]->op)) {
			v->where = MADE_ANEW;
			v->made = made_by(ir, write[r]);
		}
	}
}

static int new_piece(struct spiller *s, int home, enum level level)
{
	int r = ir_reg(s->ir);

	s->ir->vregs[r].level = level;
	s->ir->vregs[r].origin = home;
	return r;
}

static int home_of(const struct spiller *s, int r)
{
	return s->ir->vregs[r].level == LEVEL_WHOLE ? r : s->ir->vregs[r].origin;
}

static void fetch(struct spiller *s, int piece, int home)
{
	const struct vreg *v = &s->ir->vregs[home];

	if (v->where == MADE_ANEW)
		PUSH(s->ir, .op = v->made->op, .dst = piece, .ref = v->made->ref,
		     .off = v->made->off, .imm = v->made->imm);
	else
		PUSH(s->ir, .op = INS_MOV, .dst = piece, .a = home);
}

static int read_piece(struct spiller *s, int r)
{
	int home = home_of(s, r), piece;

	if (s->ir->vregs[r].level == LEVEL_PART) {
		piece = new_piece(s, home, LEVEL_ATOM);
		fetch(s, piece, home);
		return piece;
	}
	if (s->valid[home] == s->stretch)
		return s->part[home];
	piece = new_piece(s, home, LEVEL_PART);
	fetch(s, piece, home);
	s->valid[home] = s->stretch;
	s->part[home] = piece;
	return piece;
}

static void rewrite_arg(struct spiller *s, struct arg *arg)
{
	int home;

	if (!is_victim(s, arg->v))
		return;
	home = home_of(s, arg->v);
	if (s->ir->vregs[home].where == MADE_ANEW)
		*arg = *s->ir->vregs[home].made;
	else if (s->ir->vregs[home].level == LEVEL_WHOLE && s->valid[home] == s->stretch)
		arg->v = s->part[home];
	else
		arg->v = home;
}

static void rewrite_uses(struct spiller *s, struct ins *in)
{
	struct use use[8];
	int from[8], to[8];
	unsigned n, done = 0;

	if (ins_is_call(in)) {
		for (unsigned k = 0; k < in->nargs; k++)
			rewrite_arg(s, &in->args[k]);
		return;
	}
	n = ins_uses(in, use);
	for (unsigned k = 0; k < n; k++) {
		int r = *use[k].reg;
		unsigned d = 0;

		if (!is_victim(s, r))
			continue;
		while (d < done && from[d] != r)
			d++;
		if (d == done) {
			from[done] = r;
			to[done++] = read_piece(s, r);
		}
		*use[k].reg = to[d];
	}
}

/* The move between a victim and its own home, which is what a part is made of. */
static bool own_move(const struct spiller *s, const struct ins *in)
{
	const struct vreg *v;

	if (is_victim(s, in->dst) && s->ir->vregs[in->dst].level == LEVEL_PART) {
		v = &s->ir->vregs[in->dst];
		if (in->op == INS_MOV && in->a == v->origin)
			return true;
		return s->ir->vregs[v->origin].where == MADE_ANEW;
	}
	if (in->op == INS_MOV && is_victim(s, in->a) && s->ir->vregs[in->a].level == LEVEL_PART)
		return in->dst == s->ir->vregs[in->a].origin;
	return false;
}

/* A move out of a home in memory into a register is a load as it stands; it needs no piece. */
static bool move_from_memory(struct spiller *s, struct ins *in)
{
	int home;

	if (in->op != INS_MOV || !is_victim(s, in->a) || is_victim(s, in->dst) ||
	    s->ir->vregs[in->dst].where != IN_REG)
		return false;
	home = home_of(s, in->a);
	if (s->ir->vregs[home].where != IN_MEMORY)
		return false;
	if (home == in->a && s->valid[home] == s->stretch)
		return false;
	in->a = home;
	return true;
}

static void rewrite(struct spiller *s, struct ins in)
{
	int dst = in.dst, home, piece;

	if (own_move(s, &in))
		return;
	if (is_victim(s, dst) && s->ir->vregs[dst].where == MADE_ANEW)
		return;
	if (!move_from_memory(s, &in))
		rewrite_uses(s, &in);
	if (!is_victim(s, dst)) {
		ins_push(s->ir, in);
		return;
	}
	home = home_of(s, dst);
	piece = new_piece(s, home, s->ir->vregs[dst].level == LEVEL_PART ? LEVEL_ATOM : LEVEL_PART);
	in.dst = piece;
	ins_push(s->ir, in);
	PUSH(s->ir, .op = INS_MOV, .dst = home, .a = piece);
	if (s->ir->vregs[dst].level == LEVEL_WHOLE) {
		s->valid[home] = s->stretch;
		s->part[home] = piece;
	}
}

void spill_rewrite(struct ir *ir, const bool *victim, struct arena *tmp)
{
	struct spiller s = {.ir = ir, .victim = victim, .stretch = 1, .nold = ir->nvregs};

	s.part = arena_alloc(tmp, sizeof(int) * (ir->nvregs + 1));
	s.valid = arena_alloc(tmp, sizeof(unsigned) * (ir->nvregs + 1));
	settle_homes(&s, tmp);
	ins_begin(ir);
	for (size_t i = 0; i < ir->old_n; i++) {
		const struct ins *in = &ir->old[i];
		bool is_call = ins_is_call(in);

		if (in->op == INS_NOP)
			continue;
		if (in->op == INS_LABEL)
			s.stretch++;
		if (is_call) {
			/* the result belongs to the stretch behind the call, the arguments to the
			 * one before */
			struct ins copy = *in;

			rewrite_uses(&s, &copy);
			s.stretch++;
			rewrite(&s, copy);
			continue;
		}
		rewrite(&s, *in);
	}
}
