/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clauses and statements.
 *
 * What a clause traces goes into one record.  Where recording statements stand
 * under an if, the record is cut there: each arm has its own, so a record's
 * layout never depends on what happened.
 */
#include <stddef.h>

#include "builtin/builtin.h"
#include "codegen/gen.h"
#include "emit/speculate.h"

bool gen_records(const struct node *n)
{
	const struct node *call = n->left;

	switch (n->kind) {
	case NODE_EXPR:
		return call && call->kind == NODE_CALL && call->builtin &&
		       call->builtin->kind == BUILTIN_ACTION;
	case NODE_IF:
		return gen_list_records(n->right) || gen_list_records(n->third);
	case NODE_BLOCK:
		return gen_list_records(n->args);
	default:
		return false;
	}
}

bool gen_list_records(const struct node *n)
{
	for (; n; n = n->next)
		if (gen_records(n))
			return true;
	return false;
}

bool gen_is_exit(const struct node *n)
{
	const struct node *call = n->kind == NODE_EXPR ? n->left : NULL;

	return call && call->kind == NODE_CALL && call->builtin && call->builtin->exits;
}

/* Does any statement of the list, or in its arms, end the clauses of the firing? */
bool gen_exits(const struct node *n)
{
	for (; n; n = n->next) {
		if (gen_is_exit(n))
			return true;
		if (n->kind == NODE_IF && (gen_exits(n->right) || gen_exits(n->third)))
			return true;
		if (n->kind == NODE_BLOCK && gen_exits(n->args))
			return true;
	}
	return false;
}

bool gen_speculates(const struct node *n)
{
	const struct node *call = n->kind == NODE_EXPR ? n->left : NULL;

	return call && call->kind == NODE_CALL && call->builtin &&
	       call->builtin->speculation == SPECULATION_BEGINS;
}

static bool cuts(const struct node *n)
{
	return (n->kind == NODE_IF || n->kind == NODE_BLOCK) && gen_records(n);
}

size_t gen_condition(struct emit *e, struct node *n, int no)
{
	long saved = emit_condition_begin(e);

	gen_branch(e, n, no, false);
	return emit_condition_end(e, saved);
}

static void statements(struct emit *e, struct node *n, int end);

static void if_statement(struct emit *e, struct node *n, int end)
{
	int no = ir_label(e->ir), done = ir_label(e->ir);
	size_t mark = gen_condition(e, n->left, no);

	statements(e, n->right, end);
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);
	ir_place(e->ir, no);
	statements(e, n->third, end);
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
}

static void expression(struct emit *e, struct node *n)
{
	struct value v;

	if (n->kind == NODE_CALL && n->builtin->kind == BUILTIN_ACTION)
		n->builtin->code(e, n, NULL);
	else if (n->kind == NODE_ASSIGN)
		gen_assign(e, n, true, &v);
	else if (n->kind == NODE_UNARY && n->op >= OP_PREINC && n->op <= OP_POSTDEC)
		gen_increment(e, n, true, &v);
	else
		gen_expr(e, n, &v);
}

void gen_statement(struct emit *e, struct node *n, int end)
{
	uint32_t mark = emit_scratch_mark(e);

	emit_statement(e, n->number);
	switch (n->kind) {
	case NODE_EXPR:
		if (n->left)
			expression(e, n->left);
		break;
	case NODE_AGGREGATE:
		gen_aggregate(e, n);
		break;
	case NODE_IF:
		if_statement(e, n, end);
		break;
	case NODE_BLOCK:
		statements(e, n->args, end);
		break;
	default:
		break;
	}
	emit_scratch_release(e, mark);
}

int gen_speculate(struct emit *e, struct node *n)
{
	struct value tag;

	emit_statement(e, n->number);
	n->left->builtin->code(e, n->left, &tag);
	emit_leave_unless(e, tag.reg);
	return tag.reg;
}

/* What follows in the list is speculative; if nothing there records, that the probe fired is. */
static void speculate(struct emit *e, struct node *n, int end)
{
	emit_close_record(e);
	emit_speculate(e, gen_speculate(e, n));
	if (gen_list_records(n->next))
		return;
	emit_open_record(e, true, end);
	emit_close_record(e);
}

bool gen_unrecorded(struct emit *e, struct node *n, int end)
{
	uint32_t mark = emit_scratch_mark(e);

	if (!gen_is_exit(n)) {
		if (!gen_records(n))
			gen_statement(e, n, end);
		return true;
	}
	emit_statement(e, n->number);
	emit_exit_unrecorded(e, emit_int(e, n->left->args));
	ir_jump(e->ir, end);
	emit_scratch_release(e, mark);
	return false;
}

static bool run_exits(const struct node *n, const struct node *stop)
{
	for (; n != stop; n = n->next)
		if (gen_is_exit(n))
			return true;
	return false;
}

/* Statements of one record, as far as stop. Where it is lost the clause ends, but exit() happens.
 */
static void recorded(struct emit *e, struct node *n, struct node *stop, int end)
{
	bool exits = run_exits(n, stop);
	int full = exits ? ir_label(e->ir) : end, done = ir_label(e->ir);
	size_t mark;

	emit_close_record(e);
	mark = emit_scope(e);
	emit_open_record(e, true, full);
	for (struct node *s = n; s != stop; s = s->next)
		gen_statement(e, s, end);
	emit_close_record(e);
	if (!exits)
		return;
	ir_jump(e->ir, done);
	emit_scope_end(e, mark);
	ir_place(e->ir, full);
	while (gen_unrecorded(e, n, end))
		n = n->next;
	emit_scope_end(e, mark);
	ir_place(e->ir, done);
}

/* A list of statements; records are opened and closed round the runs that do not branch. */
static void statements(struct emit *e, struct node *n, int end)
{
	int tag = emit_speculating(e);

	while (n) {
		struct node *stop = n;
		bool outer = emit_recording(e), recording = false;

		if (gen_speculates(n)) {
			speculate(e, n, end);
			n = n->next;
			continue;
		}
		if (cuts(n)) {
			emit_close_record(e);
			gen_statement(e, n, end);
			n = n->next;
			continue;
		}
		for (; stop && !cuts(stop) && !gen_speculates(stop); stop = stop->next)
			recording |= gen_records(stop);
		if (recording && !outer)
			recorded(e, n, stop, end);
		else
			for (struct node *s = n; s != stop; s = s->next)
				gen_statement(e, s, end);
		n = stop;
	}
	emit_speculate(e, tag);
}

void gen_predicate(struct emit *e, const struct clause *c, int end)
{
	uint32_t mark = emit_scratch_mark(e);

	if (!c->predicate)
		return;
	ir_comment(e->ir, "line %d: predicate", c->loc.line);
	gen_branch(e, c->predicate, end, false);
	emit_predicate_done(e);
	emit_scratch_release(e, mark);
}

/* After exit() no further clause of this firing runs. */
void gen_exit_check(struct emit *e, int out)
{
	int addr = ir_reg(e->ir), activity = ir_reg(e->ir);

	ir_map_value(e->ir, addr, e->program->control_map, offsetof(struct control, activity));
	ir_load(e->ir, activity, addr, 0, 4);
	ir_branchi(e->ir, IR_EQ, activity, ACTIVITY_DRAINING, out);
}

void gen_clause(struct emit *e, struct clause *c, int out)
{
	int end = ir_label(e->ir);

	emit_begin_clause(e, c, end, false);
	gen_predicate(e, c, end);
	ir_comment(e->ir, "line %d: clause", c->loc.line);
	if (c->body) {
		emit_open_record(e, false, end);
		statements(e, c->body, end);
	} else {
		emit_open_record(e, true, end);
	}
	emit_close_record(e);
	emit_end_clause(e);
	if (gen_exits(c->body))
		gen_exit_check(e, out);
}
