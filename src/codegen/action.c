/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements and records.
 *
 * What a clause traces goes into one record in this CPU's ring, reserved before
 * the first statement and submitted after the last.  Where recording statements
 * stand under an if, the record is cut there: each arm has its own, so a
 * record's layout never depends on what happened.
 */
#include "codegen/cg.h"

#include "builtin/builtin.h"

/* Does any statement from n on (and in its arms) record? */
static bool statement_records(const struct node *n)
{
	const struct node *call = n->left;

	switch (n->kind) {
	case NODE_EXPR:
		return call && call->kind == NODE_CALL && call->builtin &&
		       call->builtin->kind == BUILTIN_ACTION;
	case NODE_IF:
		return (n->right && cg_records(n->right)) || (n->third && cg_records(n->third));
	case NODE_BLOCK:
		return cg_records(n->args);
	default:
		return false;
	}
}

bool cg_records(struct node *n)
{
	for (; n; n = n->next)
		if (statement_records(n))
			return true;
	return false;
}

/* CLOCK_MONOTONIC, the same all through a firing. */
int cg_time(struct codegen *cg)
{
	static const char tag[] = "timestamp";
	int reg = cg_cached_call(cg, tag);

	if (reg >= 0)
		return reg;
	reg = ir_reg(cg->ir);
	IR_CALL0(cg->ir, reg, BPF_FUNC_ktime_get_ns);
	cg_cache_call(cg, tag, reg);
	return reg;
}

int cg_cpu(struct codegen *cg)
{
	static const char tag[] = "cpu";
	int reg = cg_cached_call(cg, tag);

	if (reg >= 0)
		return reg;
	reg = ir_reg(cg->ir);
	IR_CALL0(cg->ir, reg, BPF_FUNC_get_smp_processor_id);
	cg_cache_call(cg, tag, reg);
	return reg;
}

/* A record of this size in a register, or a jump to full (the drop is counted). */
int cg_reserve(struct codegen *cg, uint32_t size, unsigned drop, int full, int cpu)
{
	int key = ir_stack(cg->ir, 8), rings = ir_reg(cg->ir), ring = ir_reg(cg->ir),
	    rec = ir_reg(cg->ir);
	int missing = ir_label(cg->ir), ok = ir_label(cg->ir);

	ir_map(cg->ir, rings, cg->program->rings_map);
	if (cg->one_ring) {
		ring = rings;
	} else {
		ir_stack_store(cg->ir, key, 0, cpu, 4);
		IR_CALL(cg->ir, ring, BPF_FUNC_map_lookup_elem, rings,
			cg_address(cg, (struct place){SPACE_STACK, key, 0}));
		ir_branchi(cg->ir, IR_EQ, ring, 0, missing);
	}
	IR_CALL(cg->ir, rec, BPF_FUNC_ringbuf_reserve, ring, cg_const(cg, size), cg_const(cg, 0));
	ir_branchi(cg->ir, IR_NE, rec, 0, ok);
	ir_place(cg->ir, missing);
	cg_count_drop(cg, drop);
	ir_jump(cg->ir, full);
	ir_place(cg->ir, ok);
	return rec;
}

/* One more record of the clause; its first enabling is made even if it records nothing. */
static void enabling_new(struct codegen *cg, bool has_data, bool is_default)
{
	struct enabling e = {.probe = cg->probe,
			     .id = cg->clause_id,
			     .has_data = has_data,
			     .is_default = is_default};

	vec_push(&cg->enablings, e);
	cg->epid = cg->enablings.n - 1;
	cg->actions.n = 0;
}

/* Opens a record if the statements from first on, up to one that cuts, record anything. */
static void open_record(struct codegen *cg, bool has_data, bool is_default)
{
	uint32_t size = sizeof(struct record_head);
	int now, cpu;

	enabling_new(cg, has_data, is_default);
	cg->record_off = size;
	cg->exits = false;
	if (!has_data)
		return;
	if (!cg->measuring)
		size = cg->record_sizes.at[cg->segment];
	now = cg_time(cg);
	cpu = cg_cpu(cg);
	cg_leave_point(cg);
	ir_mov(cg->ir, cg->record,
	       cg_reserve(cg, size, offsetof(struct drops, records), cg->end_label, cpu));
	cg->recording = true;
	ir_storei(cg->ir, cg->record, offsetof(struct record_head, epid), cg->epid, 4);
	ir_storei(cg->ir, cg->record, offsetof(struct record_head, size), size, 4);
	ir_store(cg->ir, cg->record, offsetof(struct record_head, time), now, 8);
}

void cg_segment_end(struct codegen *cg)
{
	struct enabling *e;

	if (cg->epid < 0)
		return;
	e = &cg->enablings.at[cg->epid];
	e->nactions = cg->actions.n;
	e->actions = arena_alloc(cg->arena, (cg->actions.n + 1) * sizeof(*e->actions));
	for (size_t i = 0; i < cg->actions.n; i++)
		e->actions[i] = cg->actions.at[i];
	e->record_size = (cg->record_off + 7) & ~7u;
	if (cg->recording) {
		if (cg->measuring)
			vec_push(&cg->record_sizes, e->record_size);
		cg->segment++;
		IR_CALL(cg->ir, -1, BPF_FUNC_ringbuf_submit, cg->record,
			cg_const(cg, cg->exits ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP));
		ir_const(cg->ir, cg->record, 0);
		cg->recording = false;
	}
	cg->epid = -1;
}

void cg_default_action(struct codegen *cg)
{
	open_record(cg, true, true);
	cg_segment_end(cg);
}

static bool cuts(const struct node *n)
{
	return (n->kind == NODE_IF || n->kind == NODE_BLOCK) && statement_records(n);
}

static void statements(struct codegen *cg, struct node *n);

static void if_statement(struct codegen *cg, struct node *n)
{
	int no = ir_label(cg->ir), done = ir_label(cg->ir);
	size_t mark = cg_condition(cg, n->left, no);

	if (n->right)
		statements(cg, n->right);
	ir_jump(cg->ir, done);
	cg_scope_end(cg, mark);
	ir_place(cg->ir, no);
	if (n->third)
		statements(cg, n->third);
	cg_scope_end(cg, mark);
	ir_place(cg->ir, done);
}

static void statement(struct codegen *cg, struct node *n)
{
	struct value v;

	switch (n->kind) {
	case NODE_EXPR:
		if (!n->left)
			return;
		if (n->left->kind == NODE_CALL && n->left->builtin->kind == BUILTIN_ACTION) {
			n->left->builtin->code(cg, n->left, NULL);
			return;
		}
		cg->unused = n->left->kind == NODE_ASSIGN || n->left->kind == NODE_UNARY;
		cg_expr(cg, n->left, &v);
		cg->unused = false;
		return;
	case NODE_AGGREGATE:
		cg_aggregate(cg, n);
		return;
	case NODE_IF:
		if_statement(cg, n);
		return;
	case NODE_BLOCK:
		statements(cg, n->args);
		return;
	default:
		return;
	}
}

/* A list of statements; records are opened and closed round the runs that do not branch. */
static void statements(struct codegen *cg, struct node *n)
{
	while (n) {
		struct node *end = n;
		bool outer = cg->recording, records = false;

		if (cuts(n)) {
			cg_segment_end(cg);
			statement(cg, n);
			n = n->next;
			continue;
		}
		for (; end && !cuts(end); end = end->next)
			records |= statement_records(end);
		if (records && !outer) {
			cg_segment_end(cg);
			open_record(cg, true, false);
		}
		for (; n != end; n = n->next) {
			cg->statement++;
			statement(cg, n);
		}
		if (records && !outer)
			cg_segment_end(cg);
	}
}

void cg_body(struct codegen *cg, struct node *body)
{
	enabling_new(cg, false, false);
	statements(cg, body);
	cg_segment_end(cg);
}

/* Room for an item in the open record. */
static uint32_t record_room(struct codegen *cg, uint32_t size, uint32_t align)
{
	uint32_t off = (cg->record_off + align - 1) & ~(align - 1);

	cg->record_off = off + size;
	return off;
}

/* Evaluates an argument of an action into the record. */
void cg_record_value(struct codegen *cg, struct node *n, struct item *it)
{
	struct type *t = type_resolve(n->type);
	struct value v;

	*it = (struct item){.type = n->type};
	if (type_is_string(n->type)) {
		struct strrep rep = cg_rep(cg, n);

		cg_string_as(cg, n, rep, &v);
		it->kind = cg_rep_item(rep);
		it->size = cg_rep_size(rep);
		it->offset = record_room(cg, it->size, rep.rep == REP_LITERAL ? 4 : 8);
		cg_string_store(cg, &v, (struct place){SPACE_MAP, cg->record, it->offset});
		return;
	}
	cg_expr(cg, n, &v);
	if (v.kind == VALUE_STRUCT) {
		it->kind = ITEM_MEM;
		it->size = t->size;
		it->offset = record_room(cg, (it->size + 7) & ~7u, 8);
		cg_copy(cg, (struct place){SPACE_MAP, cg->record, it->offset}, v.at, it->size);
		return;
	}
	it->kind = ITEM_INT;
	it->size = t->kind == TYPE_POINTER || !t->size || t->size > 8 ? 8 : t->size;
	it->is_signed = t->is_signed;
	it->offset = record_room(cg, it->size, it->size);
	ir_store(cg->ir, cg->record, it->offset, cg_as_int(cg, &v), it->size);
}

/* Adds an action with the arguments from first on as its items; aggregations among them go to aggs.
 */
struct action *cg_action(struct codegen *cg, enum action_kind kind, struct node *call,
			 struct node *first)
{
	struct action a = {.kind = kind, .loc = call->loc};
	int n = 0;

	for (struct node *arg = first; arg; arg = arg->next)
		n++;
	a.items = arena_alloc(cg->arena, (n + 1) * sizeof(*a.items));
	a.aggs = arena_alloc(cg->arena, (n + 1) * sizeof(*a.aggs));
	for (struct node *arg = first; arg; arg = arg->next) {
		if (arg->kind == NODE_AGG)
			a.aggs[a.naggs++] = cg_agg_def(cg, arg->agg);
		else
			cg_record_value(cg, arg, &a.items[a.nitems++]);
	}
	vec_push(&cg->actions, a);
	return &vec_last(&cg->actions);
}
