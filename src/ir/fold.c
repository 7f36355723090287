/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Folding: one walk over the program that follows what is known of each
 * register (a constant, an address, a copy, a sum with a constant, how many low
 * bits it may use) and rewrites operations by it.  simplify.c holds the algebra.
 *
 * Knowledge lives within a stretch: it ends at a label that is jumped to.
 * Registers written once, with a constant or an address, are known everywhere:
 * what reads them before the write reads nothing in particular.
 *
 * A jump to a test whose outcome is known where the jump starts goes straight
 * to the outcome; conditions made of && and || lose their 0s and 1s that way.
 *
 * Pointers stay as they are: a sum with a constant is folded only into the
 * offset of an access, which the verifier takes for the same.
 */
#include <string.h>

#include "ir/fold.h"

#define MAX_HOPS 8

static bool by_version(const struct folder *f, const struct known *k)
{
	return k->src_version == f->version[k->src];
}

const struct known *fold_known(const struct folder *f, int r)
{
	const struct known *k = &f->known[r];

	if (k->stretch == f->stretch) {
		bool relative = k->op == INS_MOV || k->op == INS_ALU;

		return relative && !by_version(f, k) ? &f->nothing : k;
	}
	return f->once[r].op != INS_NOP ? &f->once[r] : &f->nothing;
}

bool fold_constant(const struct folder *f, int r, int64_t *value)
{
	const struct known *k;

	if (r < 0)
		return false;
	k = fold_known(f, r);
	if (k->op != INS_CONST)
		return false;
	*value = k->imm;
	return true;
}

unsigned fold_bits(const struct folder *f, int r)
{
	unsigned here = f->known[r].stretch == f->stretch ? f->known[r].bits : 0;

	return here ? here : f->once[r].bits ? f->once[r].bits : 64;
}

/* How many low bits the result can have set. */
static unsigned result_bits(const struct folder *f, const struct ins *i)
{
	unsigned a = i->a >= 0 ? fold_bits(f, i->a) : 64;

	switch (i->op) {
	case INS_LOAD:
	case INS_SWAP:
		return 8 * i->size;
	case INS_CONST:
		return i->imm > 0 ? 64 - __builtin_clzll(i->imm) : i->imm == 0 ? 1 : 64;
	case INS_MOV:
		return a;
	case INS_EXTEND:
		return i->sub ? 64 : a < 32 ? a : 32;
	case INS_ALU:
		if (i->b >= 0)
			return 64;
		if (i->sub == IR_AND && i->imm >= 0) {
			unsigned mask = i->imm ? 64 - __builtin_clzll(i->imm) : 1;

			return mask < a ? mask : a;
		}
		if (i->sub == IR_SHR && i->imm > 0 && i->imm < 64)
			return a > i->imm ? a - i->imm : 1;
		if (i->sub == IR_SHL && i->imm > 0 && i->imm < 64 && i->imm + a < 64)
			return a + i->imm;
		return i->sub == IR_UMOD || i->sub == IR_UDIV ? a : 64;
	}
	return 64;
}

static struct known describe(const struct folder *f, const struct ins *i)
{
	struct known k = {.bits = result_bits(f, i)};

	if (op_is_invariant(i->op)) {
		k.op = i->op;
		k.ref = i->ref;
		k.off = i->off;
		k.imm = i->imm;
	} else if (i->op == INS_MOV && i->a != i->dst) {
		const struct known *src = fold_known(f, i->a);

		if (op_is_invariant(src->op)) {
			k = *src;
			return k;
		}
		k.op = INS_MOV;
		k.src = i->a;
		k.src_version = f->version[i->a];
	} else if (i->op == INS_ALU && i->sub == IR_ADD && i->b < 0 && i->a != i->dst &&
		   fits32(i->imm)) {
		k.op = INS_ALU;
		k.src = i->a;
		k.src_version = f->version[i->a];
		k.imm = i->imm;
	}
	return k;
}

static void learn(struct folder *f, const struct ins *i)
{
	if (i->dst <= 0)
		return;
	f->known[i->dst] = describe(f, i);
	f->known[i->dst].stretch = f->stretch;
	f->version[i->dst]++;
}

/* What is written once and does not depend on where. */
static void learn_once(struct folder *f)
{
	struct ir *ir = f->ir;
	unsigned *writes = arena_alloc(f->tmp, sizeof(*writes) * (ir->nvregs + 1));
	struct use use[8];

	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		unsigned n = ins_uses(in, use);

		if (in->dst >= 0)
			writes[in->dst]++;
		for (unsigned k = 0; k < n; k++)
			f->nuses[*use[k].reg]++;
	}
	for (size_t i = 0; i < ir->n; i++) {
		struct ins *in = &ir->ins[i];
		struct known *k;

		if (in->dst < 0 || writes[in->dst] != 1)
			continue;
		f->single[in->dst] = true;
		k = &f->once[in->dst];
		if (op_is_invariant(in->op)) {
			*k = describe(f, in);
		} else if (in->op == INS_MOV && in->a == ir->ctx) {
			k->op = INS_MOV;
			k->src = in->a; /* never written again: any version serves */
		} else if (in->op == INS_LOAD || in->op == INS_SWAP) {
			k->bits = result_bits(f, in);
		}
	}
}

/*
 * A copy (or sum) is read through only where that leaves no reader of it: one
 * that lives on would keep the original from sharing its machine register.
 * The first walk counts, the later ones replace.
 */
static bool worth_reading_through(struct folder *f, int copy, int src)
{
	if (src == f->ir->ctx)
		return true;
	if (!f->single[copy])
		return false;
	if (f->counting) {
		f->replaceable[copy]++;
		return false;
	}
	return f->replaceable[copy] == f->nuses[copy];
}

static void read_through(struct folder *f, struct ins *i)
{
	struct use use[8];
	unsigned n = ins_uses(i, use);

	for (unsigned k = 0; k < n; k++) {
		int r = *use[k].reg;
		const struct known *what = fold_known(f, r);

		if (what->op != INS_MOV || !worth_reading_through(f, r, what->src))
			continue;
		*use[k].reg = what->src;
		f->changed = true;
	}
}

static void fold_args(struct folder *f, struct ins *i)
{
	for (unsigned k = 0; k < i->nargs; k++) {
		struct arg *a = &i->args[k];
		const struct known *what;

		if (a->v < 0)
			continue;
		what = fold_known(f, a->v);
		if (!op_is_invariant(what->op))
			continue;
		*a = (struct arg){-1, what->op, what->ref, what->off, what->imm};
		f->changed = true;
	}
}

static void fold_access(struct folder *f, struct ins *i)
{
	const struct known *base;
	int64_t c;

	if (i->op == INS_STORE && fold_constant(f, i->b, &c) && (i->size < 8 || fits32(c))) {
		i->b = -1;
		i->imm = (int32_t)c;
		f->changed = true;
	}
	while (i->a >= 0) {
		int64_t off = i->off;

		base = fold_known(f, i->a);
		if (base->op != INS_STACK_ADDR && base->op != INS_ALU)
			break;
		off += base->op == INS_ALU ? base->imm : base->off;
		if (off != (int16_t)off)
			break;
		if (base->op == INS_ALU && !worth_reading_through(f, i->a, base->src))
			break;
		if (base->op == INS_STACK_ADDR) {
			i->a = -1;
			i->ref = base->ref;
		} else {
			i->a = base->src;
		}
		i->off = (int)off;
		f->changed = true;
	}
}

/* Whether a conditional jump's outcome is known: 1 taken, 0 not, -1 unknown. */
static int outcome(const struct folder *f, const struct ins *branch)
{
	int64_t a, b = branch->imm;

	if (branch->b >= 0 && branch->a == branch->b) {
		enum ir_cond c = branch->sub;

		if (c == IR_SET)
			return -1;
		return cond_eval(c, 0, 0);
	}
	if (branch->b >= 0 && !fold_constant(f, branch->b, &b))
		return -1;
	if (!fold_constant(f, branch->a, &a)) {
		if (branch->sub == IR_ULT && b == 0)
			return 0;
		return branch->sub == IR_UGE && b == 0 ? 1 : -1;
	}
	return cond_eval(branch->sub, a, b);
}

/* A label behind old instruction i, made on demand; -1 if that place is already written. */
static int label_behind(struct folder *f, size_t i)
{
	if (i <= f->at)
		return -1;
	if (!f->behind[i]) {
		int l = ir_label(f->ir);

		f->ir->placed[l] = true;
		f->behind[i] = l + 1;
	}
	return f->behind[i] - 1;
}

/*
 * From a jump to label l: where it ends up given what is known here.  `same` is
 * a condition known to hold on the way, or NULL.
 */
static int thread(struct folder *f, int l, const struct ins *same)
{
	for (int hop = 0; hop < MAX_HOPS; hop++) {
		size_t to = l < f->nlabels ? f->real[f->label_at[l]] : f->ir->old_n;
		const struct ins *in = &f->ir->old[to];
		int known, next;

		if (to >= f->ir->old_n || in->op != INS_BRANCH)
			break;
		known = outcome(f, in);
		if (known < 0 && same && same->a == in->a && same->b == in->b &&
		    same->imm == in->imm && same->sub == in->sub)
			known = 1;
		if (known < 0)
			break;
		next = known ? in->ref : label_behind(f, to);
		if (next < 0 || next == l)
			break;
		l = next;
		f->changed = true;
	}
	return l;
}

static void fold_branch(struct folder *f, struct ins *i)
{
	int64_t c;
	int known;

	if (i->b >= 0 && fold_constant(f, i->b, &c)) {
		i->b = -1;
		i->imm = c;
		f->changed = true;
	} else if (i->b >= 0 && fold_constant(f, i->a, &c)) {
		i->sub = cond_swap(i->sub);
		i->a = i->b;
		i->b = -1;
		i->imm = c;
		f->changed = true;
	}
	known = outcome(f, i);
	if (known == 0) {
		*i = (struct ins){.op = INS_NOP};
		f->changed = true;
	} else if (known == 1) {
		*i = (struct ins){.op = INS_JUMP, .ref = i->ref};
		f->changed = true;
	}
}

/* Running into a label whose test is decided here is a jump as well. */
static void enter_label(struct folder *f, size_t i)
{
	int l = f->ir->old[i].ref, to;

	if (f->reachable) {
		to = thread(f, l, NULL);
		if (to != l)
			PUSH(f->ir, .op = INS_JUMP, .ref = to);
	}
	f->stretch++;
	f->reachable = true;
}

static void fold_ins(struct folder *f, struct ins i)
{
	read_through(f, &i);
	switch (i.op) {
	case INS_MOV:
	case INS_NEG:
	case INS_EXTEND:
	case INS_SWAP:
	case INS_ALU:
		f->changed |= simplify_ins(f, &i);
		break;
	case INS_LOAD:
	case INS_STORE:
	case INS_ATOMIC:
		fold_access(f, &i);
		break;
	case INS_CALL:
	case INS_CALL_SUPPORT:
	case INS_CALL_ONWARD:
		fold_args(f, &i);
		break;
	case INS_BRANCH:
		fold_branch(f, &i);
		break;
	}
	if (ins_jumps(&i))
		i.ref = thread(f, i.ref, i.op == INS_BRANCH ? &i : NULL);
	if (i.op == INS_NOP)
		return;
	learn(f, &i);
	ins_push(f->ir, i);
	if (ins_ends_flow(&i))
		f->reachable = false;
}

static void walk(struct folder *f)
{
	struct ir *ir = f->ir;
	bool *wanted = arena_alloc(f->tmp, ir->nlabels + 1);

	f->label_at = label_positions(ir, f->tmp);
	f->nlabels = ir->nlabels;
	f->behind = arena_alloc(f->tmp, sizeof(*f->behind) * (ir->n + 1));
	f->reachable = true;
	for (size_t i = 0; i < ir->n; i++)
		if (ins_jumps(&ir->ins[i]))
			wanted[ir->ins[i].ref] = true;
	f->real = next_real(ir->ins, ir->n, f->tmp);
	ins_begin(ir);
	for (f->at = 0; f->at < ir->old_n; f->at++) {
		size_t i = f->at;

		if (ir->old[i].op == INS_LABEL && wanted[ir->old[i].ref])
			enter_label(f, i);
		if (ir->old[i].op == INS_LABEL || ir->old[i].op == INS_COMMENT)
			ins_push(ir, ir->old[i]);
		else if (f->reachable)
			fold_ins(f, ir->old[i]);
		if (f->behind[i]) {
			PUSH(ir, .op = INS_LABEL, .ref = f->behind[i] - 1);
			f->stretch++;
			f->reachable = true;
		}
	}
}

bool fold_values(struct ir *ir)
{
	struct folder f = {.ir = ir, .tmp = arena_new(), .stretch = 1, .counting = true};

	f.known = arena_alloc(f.tmp, sizeof(*f.known) * (ir->nvregs + 1));
	f.once = arena_alloc(f.tmp, sizeof(*f.once) * (ir->nvregs + 1));
	f.version = arena_alloc(f.tmp, sizeof(*f.version) * (ir->nvregs + 1));
	f.nuses = arena_alloc(f.tmp, sizeof(*f.nuses) * (ir->nvregs + 1));
	f.replaceable = arena_alloc(f.tmp, sizeof(*f.replaceable) * (ir->nvregs + 1));
	f.single = arena_alloc(f.tmp, ir->nvregs + 1);
	learn_once(&f);
	walk(&f);
	/* the second walk replaces copies; what the first one changed only makes its counts careful
	 */
	f.counting = false;
	f.stretch++;
	memset(f.once, 0, sizeof(*f.once) * (ir->nvregs + 1));
	memset(f.nuses, 0, sizeof(*f.nuses) * (ir->nvregs + 1));
	learn_once(&f);
	walk(&f);
	arena_free(f.tmp);
	return f.changed;
}
