/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs and clauses: what the code being made belongs to. */
#include "emit/emit_impl.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

void emit_expr(struct emit *e, struct node *n, struct value *out)
{
	e->calls->expr(e, n, out);
}

int emit_int(struct emit *e, struct node *n)
{
	struct value v;

	e->calls->expr(e, n, &v);
	return emit_as_int(e, &v);
}

struct strrep emit_rep(struct emit *e, struct node *n)
{
	return e->calls->rep(e, n);
}

void emit_string_as(struct emit *e, struct node *n, struct strrep rep, struct value *out)
{
	e->calls->string_as(e, n, rep, out);
}

void emit_arg(struct emit *e, int i, struct value *out)
{
	e->calls->arg(e, i, out);
}

const struct object *emit_subject(struct emit *e)
{
	return e->calls->subject(e);
}

int emit_agg_def(struct emit *e, struct aggregation *a)
{
	return e->calls->agg_def(e, a);
}

void emit_fire(struct emit *e, const struct object *const *args, int nargs)
{
	e->calls->fire(e, args, nargs);
}

const struct probe *emit_probe(const struct emit *e)
{
	return e->state->probe;
}

const struct hook *emit_hook(const struct emit *e)
{
	return e->state->hook;
}

uint32_t emit_clause_id(const struct emit *e)
{
	return e->state->clause_id;
}

int emit_ctx(const struct emit *e)
{
	return e->state->ctx;
}

bool emit_failed(const struct emit *e)
{
	return e->state->failed;
}

void emit_error(struct emit *e, struct loc at, const char *tag, const char *fmt, ...)
{
	const struct clause *c = e->state->clause;
	va_list ap;
	char *text;

	if (e->state->failed)
		return;
	va_start(ap, fmt);
	text = arena_vprintf(e->arena, fmt, ap);
	va_end(ap);
	diag_error(e->script->diag, at.source || !c ? at : c->loc, tag, "%s", text);
	e->state->failed = true;
}

struct emit *emit_new(struct script *s, const struct options *o, const struct emit_calls *calls,
		      void *generator, bool one_ring)
{
	struct emit *e = ARENA_NEW(s->arena, struct emit);

	e->arena = s->arena;
	e->script = s;
	e->options = o;
	e->calls = calls;
	e->generator = generator;
	e->program = ARENA_NEW(s->arena, struct program);
	e->program->arena = s->arena;
	e->program->types = s->types;
	e->state = ARENA_NEW(s->arena, struct emit_state);
	e->state->string.ids = strmap_new(s->arena);
	emit_string_id(e, "");
	map_init(e, one_ring);
	return e;
}

void emit_careful(struct emit *e, bool careful)
{
	e->state->careful = careful;
}

void emit_compact(struct emit *e, bool compact)
{
	e->state->compact = compact;
}

bool emit_is_compact(const struct emit *e)
{
	return e->state->compact;
}

bool emit_is_careful(const struct emit *e)
{
	return e->state->careful;
}

void emit_begin_program(struct emit *e, const struct hook *hook)
{
	struct emit_state *s = e->state;

	ir_free(e->ir);
	e->ir = ir_new(e->arena);
	s->hook = hook;
	s->cache.all.n = 0;
	s->cache.branch_mark = s->cache.leave_mark = -1;
	s->firing = (struct firing_state){.kind = FIRING_INLINE};
	scratch_begin(e);
	map_begin(e);
	s->fault.label = -1;
	s->record.epid = -1;
	s->record.open = false;
	s->ctx = ir_reg(e->ir);
	ir_ctx(e->ir, s->ctx);
	ir_onward_setup(e->ir, e->program->drops_map, offsetof(struct drops, records));
}

void emit_begin_way(struct emit *e, const struct probe *p)
{
	e->state->probe = p;
	e->state->time = -1;
	e->state->cache.branch_mark = -1;
	scratch_restart(e);
}

/* What was loaded before this way's test holds for the next one's too. */
void emit_end_way(struct emit *e)
{
	long mark = e->state->cache.branch_mark;

	emit_scope_end(e, mark >= 0 ? (size_t)mark : 0);
}

struct emit_mark emit_mark(const struct emit *e)
{
	const struct emit_state *s = e->state;

	return (struct emit_mark){s->enablings.n, s->scratch.size, s->map.zeros_size, s->clause_id,
				  s->string.looked_up};
}

void emit_rewind(struct emit *e, struct emit_mark to)
{
	e->state->enablings.n = to.enablings;
	e->state->scratch.size = to.scratch;
	e->state->map.zeros_size = to.zeros;
	e->state->clause_id = to.clause_id;
	e->state->string.looked_up = to.literals;
}

void emit_begin_clause(struct emit *e, const struct clause *c, int end, bool again)
{
	struct emit_state *s = e->state;

	s->clause = c;
	s->way_branch_mark = s->cache.branch_mark;
	if (!again)
		s->clause_id = s->enablings.n ? vec_last(&s->enablings).id + 1 : 1;
	s->cache.leave_mark = s->cache.branch_mark = -1;
	fault_begin(e, end);
}

void emit_end_clause(struct emit *e)
{
	struct emit_state *s = e->state;

	fault_end(e);
	if (s->cache.leave_mark >= 0)
		emit_scope_end(e, s->cache.leave_mark);
	s->cache.branch_mark = s->way_branch_mark;
	s->clause = NULL;
}

static void take_all(struct emit *e)
{
	struct emit_state *s = e->state;
	struct program *p = e->program;

#define TAKE(from, to)                                                                             \
	do {                                                                                       \
		p->to = arena_alloc(e->arena, ((from).n + 1) * sizeof(*(from).at));                \
		if ((from).n)                                                                      \
			memcpy(p->to, (from).at, (from).n * sizeof(*(from).at));                   \
		p->n##to = (from).n;                                                               \
	} while (0)
	TAKE(s->map.all, maps);
	TAKE(s->enablings, enablings);
	TAKE(s->aggs, aggs);
	TAKE(s->string.all, strings);
#undef TAKE
}

struct program *emit_finish(struct emit *e)
{
	struct program *p = e->program;

	map_finish(e);
	take_all(e);
	emit_free(e);
	return p;
}

void emit_free(struct emit *e)
{
	if (!e)
		return;
	ir_free(e->ir);
	vec_free(&e->state->map.all);
	vec_free(&e->state->enablings);
	vec_free(&e->state->aggs);
	vec_free(&e->state->string.all);
	vec_free(&e->state->cache.all);
	vec_free(&e->state->record.actions);
}

int emit_agg_add(struct emit *e, struct agg_def def)
{
	vec_push(&e->state->aggs, def);
	return e->state->aggs.n - 1;
}

struct agg_def *emit_agg(struct emit *e, int i)
{
	return &e->state->aggs.at[i];
}
