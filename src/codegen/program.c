/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs: one for each hook, holding every clause of every probe that the
 * hook serves, in the order of the script.
 *
 *	if (control.activity != ACTIVE) return pass;
 *	for each way of firing (provider/provider.h):
 *		if the event is this probe's:
 *			for each clause: if (predicate) { statements }
 *	return pass;
 *
 * Where that is too large, the clauses go into further programs: see parts.c.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "codegen/gen.h"
#include "codegen/parts.h"

static void fire(struct emit *e, const struct object *const *args, int nargs)
{
	struct codegen *cg = gen(e);
	struct hook_fire *f = cg->fire;
	int out;

	if (emit_firing_in_memory(e)) {
		parts_fire(e, f, args, nargs);
		return;
	}
	out = ir_label(e->ir);
	cg->args = args;
	cg->nargs = nargs;
	ir_comment(e->ir, "probe %s:%s:%s:%s", f->probe->provider, f->probe->module,
		   f->probe->function, f->probe->name);
	gen_this_begin(e);
	if (f->needs.timed > 1)
		emit_one_time(e);
	for (int i = 0; i < f->nclauses && !cg->too_large; i++) {
		gen_clause(e, f->clauses[i], out);
		cg->too_large = ir_here(e->ir) > PROGRAM_OPS;
	}
	ir_place(e->ir, out);
}

static const struct emit_calls calls = {
	.expr = gen_expr,
	.rep = gen_rep,
	.string_as = gen_string_as,
	.agg_def = gen_agg_def,
	.arg = gen_arg,
	.subject = gen_subject,
	.fire = fire,
};

struct codegen *codegen_new(struct script *s, const struct options *o,
			    struct clause *const *clauses, int nclauses, bool one_ring)
{
	struct codegen *cg = ARENA_NEW(s->arena, struct codegen);

	cg->arena = s->arena;
	cg->script = s;
	cg->clauses = clauses;
	cg->nclauses = nclauses;
	cg->e = emit_new(s, o, &calls, cg, one_ring);
	return cg;
}

/* When the program does nothing: before BEGIN has ended, after exit(), on other CPUs than -x cpu
 * names. The consumer alone decides when BEGIN, END and ERROR fire, and wherever it runs; what
 * follows something misses nothing. */
static void tests(struct emit *e, enum role role, int out)
{
	if (role == ROLE_FOLLOW)
		return;
	if (!role_is_unconditional(role))
		ir_branchi(e->ir, IR_NE, emit_control(e, offsetof(struct control, activity), 4),
			   ACTIVITY_ACTIVE, out);
	if (e->options->cpu >= 0 && !role_is_consumers(role))
		ir_branchi(e->ir, IR_NE, emit_cpu(e), e->options->cpu, out);
}

/* decides: the clauses are elsewhere. */
static void make_program(struct codegen *cg, struct hook_work *w, bool decides)
{
	struct emit *e = cg->e;
	int out;

	emit_begin_program(e, w->hook);
	if (decides)
		emit_firing_decides(e);
	cg->too_large = false;
	out = ir_label(e->ir);
	tests(e, w->role, out);
	emit_scratch_here(e, out);
	for (int i = 0; i < w->nfires; i++) {
		cg->fire = &w->fires[i];
		emit_begin_way(e, cg->fire->probe);
		cg->fire->way->code(e, &cg->fire->needs);
		emit_end_way(e);
	}
	emit_scratch_give(e);
	ir_place(e->ir, out);
	ir_ret(e->ir, w->hook->pass);
}

int program_finish(struct codegen *cg, const struct hook_work *w, struct ir_code *code,
		   const char **why)
{
	int err = ir_finish(cg->e->ir, code, why);

	if (!err || err == -E2BIG)
		return err;
	emit_error(cg->e, w->loc, "D_UNKNOWN", "internal error: no program for %s: %s",
		   w->hook->name, *why);
	return -1;
}

/* All in one program; -E2BIG if it does not fit, -1 after a diagnostic. */
static int make_inline(struct codegen *cg, struct hook_work *w, bool careful,
		       struct hook_program *p)
{
	struct emit_mark before = emit_mark(cg->e);
	const char *why = "";
	int err;

	emit_careful(cg->e, careful);
	make_program(cg, w, false);
	if (emit_failed(cg->e))
		return -1;
	/* Not worth finishing: what it would be made again for is known. */
	if (!careful && !cg->too_large && ir_here(cg->e->ir) > CARELESS_OPS) {
		emit_rewind(cg->e, before);
		return make_inline(cg, w, true, p);
	}
	err = cg->too_large ? -E2BIG : program_finish(cg, w, &p->code, &why);
	if (err == -1)
		return -1;
	if (!err && !parts_fit(&p->code))
		err = -E2BIG;
	if (!err && (careful || p->code.ninsns <= CARELESS_INSNS))
		return 0;
	emit_rewind(cg->e, before);
	return err ? err : make_inline(cg, w, true, p);
}

static int make_decided(struct codegen *cg, struct hook_work *w, struct hook_program *p)
{
	const char *why = "";
	int err;

	emit_careful(cg->e, true);
	parts_begin(cg, w);
	make_program(cg, w, true);
	if (emit_failed(cg->e))
		return -1;
	err = program_finish(cg, w, &p->code, &why);
	if (err == -1)
		return -1;
	if (err) {
		emit_error(cg->e, w->loc, "D_TOOBIG", "the program for %s does not fit: %s",
			   w->hook->name, why);
		return -1;
	}
	return parts_make(cg, w, p);
}

static struct loc first_place(const struct hook_fire *fires, int nfires)
{
	for (int i = 0; i < nfires; i++)
		if (fires[i].nclauses)
			return fires[i].clauses[0]->loc;
	return (struct loc){0};
}

/* What the kernel calls the hook by; 0 if it has none, not asked for where no id is needed. */
static uint32_t hook_id(struct types *ts, const struct hook *h)
{
	return h->attach == ATTACH_ITER ? types_iterator_btf_id(ts, h->target)
					: types_tracepoint_btf_id(ts, h->target);
}

static bool all_optional(const struct hook_fire *fires, int nfires)
{
	for (int i = 0; i < nfires; i++)
		if (!fires[i].way->optional)
			return false;
	return true;
}

static int find_target(struct codegen *cg, const struct hook_work *w, uint32_t *id)
{
	const struct probe *p = w->fires[0].probe;

	if (w->hook->attach != ATTACH_TP_BTF && w->hook->attach != ATTACH_ITER)
		return 0;
	*id = hook_id(cg->script->types, w->hook);
	if (*id)
		return 0;
	emit_error(cg->e, w->loc, "D_KERNEL_HOOK", "this kernel has no %s %s, which %s:::%s needs",
		   w->hook->attach == ATTACH_ITER ? "iterator" : "tracepoint", w->hook->target,
		   p->provider, p->name);
	return -1;
}

int codegen_hook(struct codegen *cg, const struct hook *hook, enum role role,
		 struct probe *own_probe, struct hook_fire *fires, int nfires)
{
	struct hook_program p = {.role = role, .hook = hook, .probe = own_probe, .progs_map = -1};
	struct hook_work w = {hook, role, fires, nfires, first_place(fires, nfires)};
	int err;

	if (all_optional(fires, nfires) && !hook_id(cg->script->types, hook))
		return 0;
	err = find_target(cg, &w, &p.attach_btf_id);
	if (!err)
		err = make_inline(cg, &w, false, &p);
	if (err == -E2BIG)
		err = make_decided(cg, &w, &p);
	if (err)
		return -1;
	vec_push(&cg->programs, p);
	return 0;
}

struct program *codegen_finish(struct codegen *cg)
{
	struct program *p = emit_finish(cg->e);

	p->programs = arena_alloc(cg->arena, (cg->programs.n + 1) * sizeof(*p->programs));
	if (cg->programs.n)
		memcpy(p->programs, cg->programs.at, cg->programs.n * sizeof(*p->programs));
	p->nprograms = cg->programs.n;
	vec_free(&cg->programs);
	vec_free(&cg->shared);
	return p;
}

void codegen_free(struct codegen *cg)
{
	if (!cg)
		return;
	emit_free(cg->e);
	vec_free(&cg->programs);
	vec_free(&cg->shared);
}
