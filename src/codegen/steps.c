/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A clause in steps.  Its ifs are taken apart: the truth of a condition goes into
 * memory, at the depth of the if, and each statement of an arm stands behind a
 * test of it, so that any two steps may be in different programs:
 *
 *	if (a) { x; if (b) y; } else z;
 *
 *	t[0] = a;
 *	if (t[0] == 1) x;
 *	t[1] = NEITHER; if (t[0] == 1) t[1] = b;
 *	if (t[1] == 1) y;
 *	if (t[0] == 0) z;
 *
 * One more number says that the clause has been left, by its predicate or a fault;
 * another is the tag that speculate() found.
 */
#include <stddef.h>

#include "codegen/steps.h"
#include "emit/speculate.h"

#define NEITHER 2 /* the if itself was not reached */
#define DEPTH_MAX 400

void steps_add_whole(struct steps *s, struct clause *c)
{
	vec_push(&s->all, (struct step){.clause = c, .first = true, .last = true});
}

/* --- breaking --- */

struct breaker {
	struct steps out;
	struct clause *clause;
	int runs;
};

/* Where a list stands. */
struct list_at {
	int depth, arm;
	bool speculative;
};

static void break_list(struct breaker *b, struct node *n, struct list_at in);

static void break_if(struct breaker *b, struct node *n, struct list_at in)
{
	vec_push(&b->out.all, (struct step){.clause = b->clause,
					    .condition = n->left,
					    .number = n->number,
					    .depth = in.depth,
					    .arm = in.arm,
					    .run = ++b->runs});
	break_list(b, n->right, (struct list_at){in.depth + 1, 1, in.speculative});
	b->runs++;
	break_list(b, n->third, (struct list_at){in.depth + 1, 0, in.speculative});
	b->runs++;
}

static void break_statement(struct breaker *b, struct node *n, struct list_at in)
{
	vec_push(&b->out.all, (struct step){.clause = b->clause,
					    .statement = n,
					    .depth = in.depth,
					    .arm = in.arm,
					    .run = b->runs,
					    .records = gen_records(n),
					    .speculates = gen_speculates(n),
					    .speculative = in.speculative});
}

static void break_list(struct breaker *b, struct node *n, struct list_at in)
{
	for (; n; n = n->next) {
		if (n->kind == NODE_IF && in.depth < DEPTH_MAX) {
			break_if(b, n, in);
		} else if (n->kind == NODE_BLOCK) {
			break_list(b, n->args, in);
		} else if (gen_speculates(n)) {
			b->runs++;
			break_statement(b, n, in);
			b->runs++;
			in.speculative = true;
		} else {
			break_statement(b, n, in);
		}
	}
}

bool steps_break(struct steps *s, size_t i)
{
	struct breaker b = {.clause = s->all.at[i].clause};
	struct steps whole = *s, joined = {0};

	if (s->all.at[i].statement || s->all.at[i].condition)
		return false;
	break_list(&b, b.clause->body, (struct list_at){0});
	if (b.out.all.n < 2) {
		vec_free(&b.out.all);
		return false;
	}
	b.out.all.at[0].first = true;
	vec_last(&b.out.all).last = true;
	for (size_t k = 0; k < i; k++)
		vec_push(&joined.all, whole.all.at[k]);
	for (size_t k = 0; k < b.out.all.n; k++)
		vec_push(&joined.all, b.out.all.at[k]);
	for (size_t k = i + 1; k < whole.all.n; k++)
		vec_push(&joined.all, whole.all.at[k]);
	vec_free(&b.out.all);
	vec_free(&whole.all);
	*s = joined;
	return true;
}

uint32_t steps_memory(const struct steps *s)
{
	int deepest = 0;

	for (size_t i = 0; i < s->all.n; i++)
		if (s->all.at[i].depth > deepest)
			deepest = s->all.at[i].depth;
	return 8 * (deepest + 3);
}

/* --- code --- */

static struct place left_at(struct emit *e, uint32_t state)
{
	return emit_firing_memory(e, state);
}

static struct place tag_at(struct emit *e, uint32_t state)
{
	return emit_firing_memory(e, state + 8);
}

static struct place truth_at(struct emit *e, uint32_t state, int depth)
{
	return emit_firing_memory(e, state + 8 * (2 + depth));
}

static void set(struct emit *e, struct place at, int value)
{
	emit_store(e, at, emit_const(e, value), 8);
}

/* if (not in its arm) goto skip; */
static void guard(struct emit *e, const struct step *s, uint32_t state, int skip)
{
	if (s->depth > 0)
		ir_branchi(e->ir, IR_NE, emit_peek(e, truth_at(e, state, s->depth - 1), 8), s->arm,
			   skip);
}

static void condition(struct emit *e, const struct step *s, uint32_t state)
{
	int skip = ir_label(e->ir), no = ir_label(e->ir);
	size_t mark = emit_scope(e);
	uint32_t room = emit_scratch_mark(e);

	emit_statement(e, s->number);
	set(e, truth_at(e, state, s->depth), NEITHER);
	guard(e, s, state, skip);
	gen_condition(e, s->condition, no);
	set(e, truth_at(e, state, s->depth), 1);
	ir_jump(e->ir, skip);
	ir_place(e->ir, no);
	set(e, truth_at(e, state, s->depth), 0);
	ir_place(e->ir, skip);
	emit_scope_end(e, mark);
	emit_scratch_release(e, room);
}

/* Whether a step of this run records, outside [from, to). */
static bool run_records(const struct steps *s, size_t at, int run, const struct clause *c, int step)
{
	for (; at < s->all.n; at += step) {
		const struct step *k = &s->all.at[at];

		if (k->clause != c || k->run != run || !k->statement)
			return false;
		if (k->records)
			return true;
	}
	return false;
}

/* speculate(), and if nothing behind it records, that the probe fired. */
static void speculate(struct emit *e, const struct step *s, uint32_t state, int end)
{
	uint32_t room = emit_scratch_mark(e);
	int tag;

	emit_close_record(e);
	tag = gen_speculate(e, s->statement);
	emit_scratch_release(e, room);
	emit_store(e, tag_at(e, state), tag, 8);
	if (gen_list_records(s->statement->next))
		return;
	emit_speculate(e, tag);
	emit_open_record(e, true, end);
	emit_close_record(e);
	emit_speculate(e, -1);
}

/* Whether exit() is among the statements of this run from here on. */
static bool run_exits(const struct steps *s, size_t at)
{
	const struct step *first = &s->all.at[at];

	for (; at < s->all.n; at++) {
		const struct step *k = &s->all.at[at];

		if (k->clause != first->clause || k->run != first->run || !k->statement)
			return false;
		if (gen_is_exit(k->statement))
			return true;
	}
	return false;
}

/* Their record is lost: so is the clause, but for an exit() ahead. */
static void unrecorded(struct emit *e, const struct steps *s, size_t from, size_t to, int end)
{
	while (from < to && gen_unrecorded(e, s->all.at[from].statement, end))
		from++;
}

/* Statements that record together: [from, to) of one run. */
static void run(struct emit *e, const struct steps *s, size_t from, size_t to, uint32_t state,
		int end)
{
	const struct step *first = &s->all.at[from];
	int skip = ir_label(e->ir), full = end;
	size_t mark = emit_scope(e), inner;
	bool recording = false;

	guard(e, first, state, skip);
	if (first->speculates) {
		speculate(e, first, state, end);
		emit_scope_end(e, mark);
		ir_place(e->ir, skip);
		return;
	}
	for (size_t i = from; i < to; i++)
		recording |= s->all.at[i].records;
	inner = emit_scope(e);
	if (recording) {
		if (run_exits(s, from))
			full = ir_label(e->ir);
		emit_close_record(e);
		if (first->speculative)
			emit_speculate(e, emit_peek(e, tag_at(e, state), 8));
		emit_open_record(e, true, full);
		emit_record_joins(e, run_records(s, from - 1, first->run, first->clause, -1),
				  run_records(s, to, first->run, first->clause, 1));
	}
	for (size_t i = from; i < to; i++) {
		gen_statement(e, s->all.at[i].statement, end);
	}
	if (recording)
		emit_close_record(e);
	emit_speculate(e, -1);
	if (full != end) {
		ir_jump(e->ir, skip);
		emit_scope_end(e, inner);
		ir_place(e->ir, full);
		unrecorded(e, s, from, to, end);
	}
	emit_scope_end(e, mark);
	ir_place(e->ir, skip);
}

static void all_runs(struct emit *e, const struct steps *s, size_t from, size_t to, uint32_t state,
		     int end)
{
	while (from < to) {
		const struct step *k = &s->all.at[from];
		size_t stop = from + 1;

		if (k->condition) {
			condition(e, k, state);
			from++;
			continue;
		}
		while (stop < to && s->all.at[stop].statement && s->all.at[stop].run == k->run)
			stop++;
		run(e, s, from, stop, state, end);
		from = stop;
	}
}

void gen_steps(struct emit *e, const struct steps *s, size_t from, size_t to, uint32_t state,
	       int out)
{
	const struct step *k = &s->all.at[from];
	int end = ir_label(e->ir), done = ir_label(e->ir);

	if (!k->statement && !k->condition) {
		gen_clause(e, k->clause, out);
		return;
	}
	emit_begin_clause(e, k->clause, end, !k->first);
	if (k->first) {
		set(e, left_at(e, state), 1);
		gen_predicate(e, k->clause, end);
		set(e, left_at(e, state), 0);
	} else {
		emit_leave_point(e);
		ir_branchi(e->ir, IR_NE, emit_peek(e, left_at(e, state), 8), 0, done);
	}
	ir_comment(e->ir, "line %d: clause, steps %zu to %zu", k->clause->loc.line, from, to - 1);
	emit_open_record(e, false, end);
	all_runs(e, s, from, to, state, end);
	emit_close_record(e);
	ir_jump(e->ir, done);
	emit_end_clause(e);
	set(e, left_at(e, state), 1);
	ir_place(e->ir, done);
	if (s->all.at[to - 1].last && gen_exits(k->clause->body))
		gen_exit_check(e, out);
}
