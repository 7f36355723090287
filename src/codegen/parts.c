/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clauses that do not fit into the program of their hook.
 *
 * The hook's program decides: it runs the ways' tests, once for each event, and
 * where one fires it calls, through an array of programs, the first part of that
 * way's clauses; a part goes over to the next by a tail call, and when the last
 * has ended the hook's program goes on.  So whatever notes, counts or follows
 * something does it once, however large the script is.
 *
 *	hook: if (fires) { save; call part; }     part 1 ─► part 2 ─► ... ─► return
 *
 * A part holds as many clauses, or steps of a clause, as fit.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "codegen/parts.h"
#include "codegen/steps.h"

/* The kernel runs so many for one event (MAX_TAIL_CALL_CNT). */
#define CALLS_MAX 33

/*
 * Operations before optimisation, after which a part ends.  What the kernel does
 * with a program grows with the square of its length (it moves the rest for each
 * call that it puts inline), so parts are short, unless they would be too many.
 */
#define PART_OPS 8000
#define PART_OPS_OVER(part_ops) ((part_ops)*3 / 2) /* by its last clause or step, at most */
#define PART_OPS_MAX 60000
#define PART_INSNS 100000

static bool fits(const struct ir_code *code, uint32_t insns)
{
	return code->ninsns <= insns && code->branches <= PROGRAM_BRANCHES &&
	       code->nmaps <= PROGRAM_MAPS;
}

bool parts_fit(const struct ir_code *code)
{
	return fits(code, PROGRAM_INSNS);
}

void parts_begin(struct codegen *cg, struct hook_work *w)
{
	w->layouts = arena_alloc(cg->arena, (w->nfires + 1) * sizeof(*w->layouts));
	w->places = arena_alloc(cg->arena, (w->nfires + 1) * sizeof(*w->places));
	w->progs_map = emit_map(cg->e, (struct map_def){.name = "programs",
							.role = MAP_PROGS,
							.type = BPF_MAP_TYPE_PROG_ARRAY,
							.key_size = 4,
							.value_size = 4});
	cg->work = w;
}

void parts_fire(struct emit *e, struct hook_fire *f, const struct object *const *args, int nargs)
{
	struct codegen *cg = gen(e);
	struct hook_work *w = cg->work;
	int i = (int)(f - w->fires);

	ir_comment(e->ir, "probe %s:%s:%s:%s", f->probe->provider, f->probe->module,
		   f->probe->function, f->probe->name);
	emit_firing_save(e, args, nargs, cg->this_size, &w->layouts[i]);
	w->places[i]++;
	ir_call_onward(e->ir, w->progs_map, i);
}

/* --- one part --- */

struct chain {
	struct hook_work *w;
	struct hook_fire *fire;
	const struct firing_layout *layout;
	struct steps steps;
	size_t at;	 /* the first step of the part to make */
	size_t step_ops; /* operations of a step, about, of the clause that was broken last */
};

/* Where the run of steps of one clause ends. */
static size_t clause_end(const struct steps *s, size_t at, size_t limit)
{
	size_t end = at + 1;

	while (end < limit && s->all.at[end].clause == s->all.at[at].clause &&
	       !s->all.at[end].first)
		end++;
	return end;
}

/* Steps of one clause are made together, so how many is settled by what they may come to. */
static size_t room_for(const struct emit *e, const struct chain *c)
{
	size_t ops = ir_here(e->ir), most = c->w->part_ops;

	if (ops >= most || !c->step_ops)
		return 1;
	return (most - ops) / c->step_ops + 1;
}

/* As many steps as there is room for, at most limit; the number of the first that is not in. */
static size_t emit_steps(struct emit *e, const struct chain *c, size_t limit, uint32_t state,
			 int out)
{
	const struct steps *s = &c->steps;
	size_t at = c->at, last = at + limit < s->all.n ? at + limit : s->all.n;

	while (at < last) {
		size_t most = at + room_for(e, c),
		       end = clause_end(s, at, most < last ? most : last);

		gen_steps(e, s, at, end, state, out);
		at = end;
		if (ir_here(e->ir) > c->w->part_ops)
			break;
	}
	return at;
}

/* To the next part; there are fewer than the kernel runs, so it is reached. */
static void go_on(struct emit *e, const struct chain *c, int end)
{
	emit_add_drops(e);
	ir_tail_call(e->ir, c->w->progs_map, (int)c->w->parts.n);
	ir_jump(e->ir, end);
}

static void make_part(struct codegen *cg, const struct chain *c, size_t limit, size_t *next)
{
	const struct object **args =
		arena_alloc(cg->arena, (c->layout->nobjects + 1) * sizeof(*args));
	struct emit *e = cg->e;
	uint32_t state;
	int out, end;

	emit_begin_program(e, c->w->hook);
	out = ir_label(e->ir);
	end = ir_label(e->ir);
	emit_firing_resumes(e, out);
	emit_begin_way(e, c->fire->probe);
	emit_firing_restore(e, c->layout, args);
	cg->fire = c->fire;
	cg->args = args;
	cg->nargs = c->layout->nobjects;
	cg->this_at = c->layout->more;
	state = emit_scratch_reserve(e, steps_memory(&c->steps));
	*next = emit_steps(e, c, limit, state, out);
	if (*next < c->steps.all.n)
		go_on(e, c, end);
	ir_place(e->ir, out);
	emit_add_drops(e);
	ir_place(e->ir, end);
	ir_ret(e->ir, c->w->hook->pass);
}

/* --- all of them --- */

static struct loc step_place(const struct step *s)
{
	const struct node *n = s->statement ? s->statement : s->condition;

	return n ? n->loc : s->clause->loc;
}

/* why: of the back end, if it refused; it speaks of the stack where values were too many. */
static int too_large(struct codegen *cg, const struct chain *c, const char *why)
{
	const struct step *s = &c->steps.all.at[c->at];

	emit_error(cg->e, step_place(s), "D_TOOBIG", "this %s is too large: it needs too many %s",
		   s->statement	  ? "statement"
		   : s->condition ? "condition"
				  : "clause",
		   strstr(why, "stack") ? "values at a time" : "operations");
	diag_hint(cg->script->diag, "make several of it");
	return -1;
}

static bool break_clause(struct chain *c, size_t ops)
{
	size_t before = c->steps.all.n;

	if (!steps_break(&c->steps, c->at))
		return false;
	c->step_ops = ops / (c->steps.all.n - before + 1) + 1;
	return true;
}

/* The part that begins at c->at: half as much where it was too much, a clause in steps where it
 * alone is; a step may be as large as a program can be. */
static int make_fitting_part(struct codegen *cg, struct chain *c, struct ir_code *code)
{
	struct emit_mark before = emit_mark(cg->e);
	size_t limit = c->steps.all.n - c->at, next;

	for (;;) {
		const char *why = "";
		bool fitting;
		size_t ops;
		int err;

		emit_rewind(cg->e, before);
		make_part(cg, c, limit, &next);
		if (emit_failed(cg->e))
			return -1;
		ops = ir_here(cg->e->ir);
		err = ops > PART_OPS_MAX ? -E2BIG : program_finish(cg, c->w, code, &why);
		if (err == -1)
			return -1;
		fitting = !err && fits(code, PART_INSNS);
		if (fitting && ops <= PART_OPS_OVER(c->w->part_ops))
			break;
		if (next - c->at > 1)
			limit = (next - c->at) / 2;
		else if (break_clause(c, ops))
			limit = c->steps.all.n - c->at;
		else if (fitting)
			break;
		else
			return too_large(cg, c, why);
	}
	c->at = next;
	return 0;
}

/* More will be too many, however large they are made. */
static size_t parts_worth_making(const struct hook_work *w)
{
	return CALLS_MAX * (PART_OPS_MAX / w->part_ops + 1);
}

static int make_chain(struct codegen *cg, struct hook_work *w, int fire)
{
	struct chain c = {.w = w, .fire = &w->fires[fire], .layout = &w->layouts[fire]};
	size_t entry = fire;
	int err = 0;

	for (int i = 0; i < c.fire->nclauses; i++)
		steps_add_whole(&c.steps, c.fire->clauses[i]);
	while (c.at < c.steps.all.n && !err && w->parts.n <= parts_worth_making(w)) {
		struct ir_code code = {0};

		err = make_fitting_part(cg, &c, &code);
		w->parts.at[entry] = code;
		entry = w->parts.n;
		if (c.at < c.steps.all.n && !err)
			vec_push(&w->parts, (struct ir_code){0});
	}
	vec_free(&c.steps.all);
	return err;
}

static int too_many(struct codegen *cg, const struct hook_work *w)
{
	const struct probe *p = w->fires[0].probe;

	emit_error(
		cg->e, w->loc, "D_TOOBIG",
		"the clauses on %s:%s:%s:%s, and on probes that fire with it, are too many for one "
		"event: they take %zu parts, of %d that the kernel runs",
		p->provider, p->module, p->function, p->name, w->calls, CALLS_MAX);
	diag_hint(cg->script->diag, "spread them over several runs of dtrace");
	return -1;
}

/* Sets the number of calls that one event can come to: each way may fire, at each of its places. */
static int make_chains(struct codegen *cg, struct hook_work *w)
{
	int err = 0;

	w->parts.n = w->calls = 0;
	for (int i = 0; i < w->nfires; i++)
		vec_push(&w->parts, (struct ir_code){0});
	for (int i = 0; i < w->nfires && !err; i++)
		if (w->layouts[i].end) {
			size_t before = w->parts.n;

			err = make_chain(cg, w, i);
			w->calls += w->places[i] * (1 + w->parts.n - before);
		}
	return err;
}

/* Compact code may do alone. */
static size_t larger_parts(const struct hook_work *w, bool compact)
{
	size_t room = compact ? CALLS_MAX - 3 : 2 * CALLS_MAX, ops;

	ops = w->part_ops * (w->calls + room - 1) / room;
	ops = ops < w->part_ops ? w->part_ops : ops;
	return ops > PART_OPS_MAX ? PART_OPS_MAX : ops;
}

/* Parts of a size that they come to no more than the kernel runs. */
static int make_all(struct codegen *cg, struct hook_work *w)
{
	struct emit_mark before = emit_mark(cg->e);
	bool compact = false;
	int err;

	for (w->part_ops = PART_OPS;;) {
		err = make_chains(cg, w);
		if (err || w->calls <= CALLS_MAX || w->part_ops >= PART_OPS_MAX ||
		    w->parts.n > parts_worth_making(w))
			break;
		w->part_ops = larger_parts(w, compact);
		emit_compact(cg->e, compact = true);
		emit_rewind(cg->e, before);
	}
	emit_compact(cg->e, false);
	return !err && w->calls > CALLS_MAX ? too_many(cg, w) : err;
}

int parts_make(struct codegen *cg, struct hook_work *w, struct hook_program *p)
{
	int err = make_all(cg, w);

	if (!err) {
		emit_map_entries(cg->e, w->progs_map, w->parts.n);
		p->progs_map = w->progs_map;
		p->nparts = (int)w->parts.n;
		p->parts = arena_alloc(cg->arena, p->nparts * sizeof(*p->parts));
		for (int i = 0; i < p->nparts; i++)
			p->parts[i] = w->parts.at[i];
	}
	vec_free(&w->parts);
	return err;
}
